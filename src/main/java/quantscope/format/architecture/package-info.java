/**
 * Known architectures, and how the tensors of a state dict are matched to one by their names and shapes. It may use format,
 * format.state, graph, tensor and task.
 */
package quantscope.format.architecture;
