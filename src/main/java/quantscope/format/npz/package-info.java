/** Reads NumPy archives of weights. It may use format, its packages state, zip and architecture, graph, tensor and task. */
package quantscope.format.npz;
