/** Writing ONNX files. It may use tensor, and export's atomic files. */
package quantscope.export.onnx;
