/** The one facade that window and command line call. It may use everything but cli and app. */
package quantscope.session;
