package quantscope.compare;

/**
 * Sums up the error of a value over images, in float64: each image by itself, then the images in order, so that the
 * result depends on nothing but the images.
 */
final class ErrorSum {

    private double signal;
    private double other;
    private double product;
    private double noise;
    private double largest;
    private long count;

    /**
     * Takes in one image, or one channel of a weight.
     *
     * @param x fp32
     * @param y what came of it
     */
    void add(float[] x, float[] y) {
        add(x, y, 0, x.length);
    }

    /** The same for the elements {@code from} (inclusive) to {@code to} (exclusive). */
    void add(float[] x, float[] y, int from, int to) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(x.length + " elements against " + y.length);
        }
        double xx = 0;
        double yy = 0;
        double xy = 0;
        double dd = 0;
        for (int i = from; i < to; i++) {
            double a = x[i];
            double b = y[i];
            double d = a - b;
            xx += a * a;
            yy += b * b;
            xy += a * b;
            dd += d * d;
            largest = Math.max(largest, Math.abs(d));
        }
        signal += xx;
        other += yy;
        product += xy;
        noise += dd;
        count += to - from;
    }

    /** @throws IllegalStateException when nothing was taken in */
    ErrorMetrics metrics() {
        if (count == 0) {
            throw new IllegalStateException("no value was compared");
        }
        double sqnr = noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
        return new ErrorMetrics(sqnr, cosine(), noise / count, largest);
    }

    private double cosine() {
        if (signal == 0 && other == 0) {
            return 1;
        }
        return signal == 0 || other == 0 ? 0
                : Math.clamp(product / (Math.sqrt(signal) * Math.sqrt(other)), -1, 1);
    }
}
