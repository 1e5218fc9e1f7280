/** The command line: text and JSON output of what a session does. It may use session and the result records. */
package quantscope.cli;
