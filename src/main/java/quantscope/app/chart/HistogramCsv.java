package quantscope.app.chart;

import quantscope.compare.HistogramPair;
import quantscope.quant.Histogram;

/** Both histograms as a table. */
final class HistogramCsv {

    private HistogramCsv() { }

    /** A line a bin: whose values, its edges, how many. A level is both edges of its line: all values there are it. */
    static String of(HistogramPair pair) {
        StringBuilder out = new StringBuilder("values,from,to,count\n");
        bins(out, "fp32", pair.fp32());
        if (pair.levels()) {
            for (int i = 0; i < pair.converted().bins(); i++) {
                line(out, "converted", Float.toString(pair.level(i)), Float.toString(pair.level(i)),
                        pair.converted().count(i));
            }
        } else {
            bins(out, "converted", pair.converted());
        }
        return out.toString();
    }

    private static void bins(StringBuilder out, String values, Histogram histogram) {
        for (int i = 0; i < histogram.bins(); i++) {
            line(out, values, Double.toString(histogram.min() + i * histogram.binWidth()),
                    Double.toString(histogram.min() + (i + 1) * histogram.binWidth()), histogram.count(i));
        }
    }

    private static void line(StringBuilder out, String values, String from, String to, long count) {
        out.append(values).append(',').append(from).append(',').append(to).append(',').append(count).append('\n');
    }
}
