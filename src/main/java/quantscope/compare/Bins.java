package quantscope.compare;

import java.util.Optional;
import quantscope.quant.Histogram;
import quantscope.quant.QuantParams;

/** Equal bins to count real numbers in. */
record Bins(double min, double max, int count) {

    /** Where nothing else is known. */
    static final int DEFAULT = 256;

    private static final int MOST = 512;

    /** As many equal bins as {@link #DEFAULT} from min to max; around the value where there is only one. */
    static Bins of(float min, float max) {
        return min < max ? new Bins(min, max, DEFAULT) : new Bins(min - 0.5, min + 0.5, DEFAULT);
    }

    /**
     * Bins for numbers of which some are levels: each level (or as many neighbouring ones as it takes to stay within
     * 512 bins) has a bin of its own with the level in its middle, so that no bin is empty for its place alone.
     */
    static Bins of(float min, float max, Optional<QuantParams.PerTensor> params) {
        if (params.isEmpty()) {
            return of(min, max);
        }
        double scale = params.get().scale();
        double first = Math.rint(min / scale);
        double last = Math.max(Math.rint(max / scale), first);
        double each = Math.max(1, Math.ceil((last - first + 1) / MOST));
        int bins = (int) Math.ceil((last - first + 1) / each);
        double low = (first - 0.5) * scale;
        return new Bins(low, low + bins * each * scale, bins);
    }

    /** Adds finite numbers to counts; what is outside falls into the first or last bin. */
    void count(float[] values, int from, int to, long[] counts) {
        double inverse = count / (max - min);
        for (int i = from; i < to; i++) {
            if (Float.isFinite(values[i])) {
                counts[Math.clamp((long) Math.floor((values[i] - min) * inverse), 0, count - 1)]++;
            }
        }
    }

    Histogram histogram(long[] counts) {
        return new Histogram(min, max, counts);
    }

    /** Both histograms of a part of two arrays. */
    HistogramPair pair(float[] x, float[] y, int from, int to) {
        long[] fp32 = new long[count];
        long[] converted = new long[count];
        count(x, from, to, fp32);
        count(y, from, to, converted);
        return new HistogramPair(histogram(fp32), histogram(converted));
    }
}
