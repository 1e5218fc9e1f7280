package quantscope.quant;

/**
 * Counts over equal bins.
 *
 * @param min    lower edge of the first bin
 * @param max    upper edge of the last bin; min < max
 * @param counts values in each bin
 */
public record Histogram(double min, double max, long[] counts) {

    public Histogram {
        if (!(min < max) || counts.length == 0) {
            throw new IllegalArgumentException("histogram of " + counts.length + " bins from " + min + " to " + max);
        }
        counts = counts.clone();
    }

    @Override
    public long[] counts() {
        return counts.clone();
    }

    public int bins() {
        return counts.length;
    }

    public long count(int bin) {
        return counts[bin];
    }

    public double binWidth() {
        return (max - min) / counts.length;
    }

    /** The bin that a number lies in; the first or the last one where it lies outside. */
    public int bin(double x) {
        return Math.clamp((long) Math.floor((x - min) / binWidth()), 0, counts.length - 1);
    }

    /** All that was counted. */
    public long total() {
        long n = 0;
        for (long c : counts) {
            n += c;
        }
        return n;
    }
}
