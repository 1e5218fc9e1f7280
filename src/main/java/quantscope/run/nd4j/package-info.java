/**
 * The only room that knows ND4J: an independent fp32 reference, statistics, NumPy files. Loading ND4J takes seconds,
 * so nothing here is touched before it is asked for. It may use run, graph, quant and tensor.
 */
package quantscope.run.nd4j;
