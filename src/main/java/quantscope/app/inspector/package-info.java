/** What is inside of the selected layer: weights and activations. It may use app.state, app.chart, app.control. */
package quantscope.app.inspector;
