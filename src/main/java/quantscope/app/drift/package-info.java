/** Which answers quantization changed, and where the error arises. It may use app.state, app.control, result records and dataset. */
package quantscope.app.drift;
