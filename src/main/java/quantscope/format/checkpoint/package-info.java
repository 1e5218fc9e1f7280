/**
 * Reads checkpoints that torch.save wrote, with an unpickler that makes plain data only and calls nothing. It may use
 * format, its packages state, zip and architecture, graph, tensor and task.
 */
package quantscope.format.checkpoint;
