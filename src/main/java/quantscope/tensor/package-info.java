/** Shapes and tensors: plain data, row-major. It uses nothing. */
package quantscope.tensor;
