/** Writers of configurations and code, each beside the others. It may use ptq, compare, graph, quant and dataset. */
package quantscope.export;
