/** Layers as rows, and the settings of the selected one. It may use session and result records and app's shared packages. */
package quantscope.app.layers;
