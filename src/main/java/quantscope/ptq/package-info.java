/**
 * Post-training quantization in eager mode's steps: judge, place stubs, prepare, calibrate, convert.
 * It may use run, graph, quant, dataset, tensor and task.
 */
package quantscope.ptq;
