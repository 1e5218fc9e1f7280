/** Runs a graph: plan, memory plan, executor, taps on any node. It may use graph, quant, kernel, tensor and task. */
package quantscope.run;
