/** The only room that knows ONNX Runtime; compiled where the Maven profile onnxruntime is on. May use compare and tensor. */
package quantscope.onnxruntime;
