package quantscope.compare;

import java.util.Optional;
import quantscope.quant.QuantParams;

/**
 * Bins for the same numbers in fp32 and converted, from the same lower to the same upper edge.
 *
 * @param levels whether every bin of {@code converted} has one level in its middle, and nothing else
 */
record PairBins(Bins fp32, Bins converted, boolean levels) {

    private static final int FEWEST = 16;
    private static final int MOST = 256;
    /** fp32 beside levels may be finer; more than that cannot be drawn. */
    private static final int MOST_BESIDE_LEVELS = 512;
    private static final int MOST_LEVELS = 512;

    /**
     * Bins for numbers from min to max.
     *
     * <p>Converted numbers of which the scale is known get a bin for each level. fp32 gets bins of its own: one around
     * each level would hold just what is rounded to that level, and both histograms would be the same but for clipping.
     * There are about 2 sqrt(values) fp32 bins, so that on average a bin's share is certain to a few percent: as many
     * levels as it takes share a bin, or a level is split into as many as there are values for. Always an odd number
     * of them, 3 or more, so that a level and what lies exactly on it (zeros behind a ReLU) is in the middle of a bin.
     *
     * @param values how many numbers there are
     * @param params of the converted numbers; empty where they have no common scale
     */
    static PairBins of(float min, float max, long values, Optional<QuantParams.PerTensor> params) {
        int wanted = (int) Math.clamp(2 * Math.sqrt(values), FEWEST, MOST_BESIDE_LEVELS);
        if (params.isEmpty()) {
            return same(Bins.of(min, max, Math.min(wanted, MOST)));
        }
        double scale = params.get().scale();
        double first = Math.rint(min / scale);
        double span = Math.max(Math.rint(max / scale) - first, 0) + 1;
        double low = (first - 0.5) * scale;
        if (span > MOST_LEVELS) {
            // The levels are few in the midst of numbers far beyond them: bins of whole levels, the same for both.
            double each = Math.ceil(span / Math.min(wanted, MOST));
            int bins = (int) Math.ceil(span / each);
            return same(new Bins(low, low + bins * each * scale, bins));
        }
        int levels = (int) span;
        if (wanted >= 1.5 * levels) {
            int parts = Math.max(3, odd(wanted / levels - 1));
            double high = low + levels * scale;
            return new PairBins(new Bins(low, high, levels * parts), new Bins(low, high, levels), true);
        }
        int together = Math.max(3, odd(Math.ceilDiv(levels, wanted)));
        int groups = Math.ceilDiv(levels, together);
        double high = low + groups * together * scale;
        return new PairBins(new Bins(low, high, groups), new Bins(low, high, groups * together), true);
    }

    private static PairBins same(Bins bins) {
        return new PairBins(bins, bins, false);
    }

    /** The next odd number that is not less. */
    private static int odd(int n) {
        return n | 1;
    }

    /** Both histograms of a part of two arrays. */
    HistogramPair pair(float[] x, float[] y, int from, int to) {
        long[] xs = new long[fp32.count()];
        long[] ys = new long[converted.count()];
        fp32.count(x, from, to, xs);
        converted.count(y, from, to, ys);
        return pair(xs, ys);
    }

    HistogramPair pair(long[] fp32Counts, long[] convertedCounts) {
        return new HistogramPair(fp32.histogram(fp32Counts), converted.histogram(convertedCounts), levels);
    }
}
