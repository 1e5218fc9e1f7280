/** What a CPU without VNNI would do to the int8 layers, and the remedy. May use app's shared packages and the session. */
package quantscope.app.saturation;
