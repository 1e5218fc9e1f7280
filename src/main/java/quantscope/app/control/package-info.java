/** Controls and small views that several slices share. It may use session and result records, app.state and app.text. */
package quantscope.app.control;
