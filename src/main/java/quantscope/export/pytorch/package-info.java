/** Writing eager-mode PyTorch. It may use export, ptq, graph, quant, tensor. */
package quantscope.export.pytorch;
