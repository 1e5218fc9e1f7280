/**
 * How results look, for whatever draws them: the graph's cards and places, histograms' scales, numbers as text. It may use
 * compare, ptq, graph, quant and tensor.
 */
package quantscope.figure;
