/** Writing what is known of each layer as a table. It may use export, compare, ptq, run, graph and quant. */
package quantscope.export.table;
