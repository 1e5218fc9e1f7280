/**
 * What quantization changed: errors of layers, drift of answers, sign flips; all reports are records.
 * It may use ptq, run, graph, quant, dataset, tensor and task.
 */
package quantscope.compare;
