/** Quantization parameters, observers and their configurations, in PyTorch's words. It may use tensor. */
package quantscope.quant;
