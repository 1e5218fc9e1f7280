/** Takes a calibrated configuration away, and opens one again. It may use app.state, app.control, session and export. */
package quantscope.app.export;
