package quantscope.compare;

import quantscope.quant.Histogram;

/** Equal bins to count real numbers in. */
record Bins(double min, double max, int count) {

    /** Bins from min to max; around the value where there is only one. */
    static Bins of(float min, float max, int count) {
        return min < max ? new Bins(min, max, count) : new Bins(min - 0.5, min + 0.5, count);
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
}
