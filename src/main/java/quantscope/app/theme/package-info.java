/** Light and dark. It uses nothing of the program. */
package quantscope.app.theme;
