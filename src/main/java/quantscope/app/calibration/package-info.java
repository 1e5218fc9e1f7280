/** Images, preprocessing and the run of a calibration. It may use app.state, app.control, session and result records. */
package quantscope.app.calibration;
