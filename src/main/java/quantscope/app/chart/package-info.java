/** Charts that several slices share. It may use compare's and quant's records, app.text and app.control. */
package quantscope.app.chart;
