/** Reads ONNX files into graphs. It may use format, graph, tensor and task. */
package quantscope.format.onnx;
