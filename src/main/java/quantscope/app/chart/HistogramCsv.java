package quantscope.app.chart;

import quantscope.compare.HistogramPair;
import quantscope.quant.Histogram;

/** Both histograms as a table. */
final class HistogramCsv {

    private HistogramCsv() { }

    /** A line a bin: its edges and both counts. */
    static String of(HistogramPair pair) {
        Histogram fp32 = pair.fp32();
        Histogram converted = pair.converted();
        StringBuilder out = new StringBuilder("from,to,fp32,converted\n");
        for (int i = 0; i < fp32.bins(); i++) {
            out.append(fp32.min() + i * fp32.binWidth()).append(',').append(fp32.min() + (i + 1) * fp32.binWidth())
                    .append(',').append(fp32.count(i)).append(',').append(converted.count(i)).append('\n');
        }
        return out.toString();
    }
}
