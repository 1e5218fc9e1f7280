/** The words that the user reads, one bundle for each slice. It uses nothing. */
package quantscope.app.text;
