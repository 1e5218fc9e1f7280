/** Reads safetensors files: JSON and raw weights. It may use format, its packages state and architecture, graph, tensor and task. */
package quantscope.format.safetensors;
