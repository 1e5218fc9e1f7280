package quantscope.app.chart;

/**
 * Where a count stands between the bottom (0) and the top (1) of a chart: linear, or logarithmic as
 * log(1 + n) / log(1 + max), which shows a single value and keeps 0 at the bottom.
 */
record CountScale(double max, boolean logarithmic) {

    double position(double count) {
        if (max <= 0) {
            return 0;
        }
        return logarithmic ? Math.log1p(count) / Math.log1p(max) : count / max;
    }
}
