package quantscope.figure;

import quantscope.compare.HistogramPair;

/**
 * Where a count stands between the bottom (0) and the top (1) of a chart: linear, or logarithmic as
 * log(1 + n) / log(1 + max), which shows a single value and keeps 0 at the bottom.
 */
public record CountScale(double max, boolean logarithmic) {

    /** How far beyond the highest bar a linear scale follows fp32. */
    private static final double HEADROOM = 1.5;

    /**
     * A scale for both histograms of a pair. fp32 values that all are the same (zeros behind a ReLU) lie in one bin that
     * is much narrower than a level and would press all else to the bottom: a linear scale lets them run out of the top.
     */
    public static CountScale of(HistogramPair pair, boolean logarithmic) {
        double converted = 1;
        for (int i = 0; i < pair.converted().bins(); i++) {
            converted = Math.max(converted, pair.converted().count(i));
        }
        double fp32 = 0;
        for (int i = 0; i < pair.fp32().bins(); i++) {
            fp32 = Math.max(fp32, pair.fp32Density(i));
        }
        boolean follow = logarithmic || !pair.levels();
        return new CountScale(Math.max(converted, follow ? fp32 : Math.min(fp32, HEADROOM * converted)), logarithmic);
    }

    /** 0 for no count, 1 for {@code max}. */
    public double position(double count) {
        if (max <= 0) {
            return 0;
        }
        return logarithmic ? Math.log1p(count) / Math.log1p(max) : count / max;
    }
}
