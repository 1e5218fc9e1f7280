/** A comparison as one HTML file. It may use the export room, figure, compare, ptq, graph, quant and dataset. */
package quantscope.export.report;
