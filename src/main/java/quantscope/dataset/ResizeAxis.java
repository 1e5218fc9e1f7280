package quantscope.dataset;

/**
 * The weights of one direction of Pillow's bilinear resize (precompute_coeffs and normalize_coeffs_8bpc in
 * libImaging/Resample.c) for a window of the output. The filter is the triangle {@code max(0, 1 - |t|)}, widened by
 * the scale where the image shrinks; output pixel o has its centre at {@code (o + 0.5) * scale} of the input.
 *
 * <p>Worked value: 4 pixels to 2, output 0: scale 2, centre 1, support 2, inputs 0..2, raw weights 0.75, 0.75, 0.25,
 * normalized 3/7, 3/7, 1/7.
 */
final class ResizeAxis {

    /** Fraction bits of a weight. */
    static final int PRECISION_BITS = 32 - 8 - 2;

    private final int[] first;
    private final int[][] weights;

    /**
     * @param in   extent of the input
     * @param out  extent of the whole output
     * @param from first output pixel of the window
     * @param to   last output pixel of the window, exclusive
     */
    ResizeAxis(int in, int out, int from, int to) {
        first = new int[to - from];
        weights = new int[to - from][];
        double scale = (double) in / out;
        double widening = Math.max(scale, 1);
        for (int o = from; o < to; o++) {
            double center = (o + 0.5) * scale;
            int start = Math.max((int) (center - widening + 0.5), 0);
            int end = Math.min((int) (center + widening + 0.5), in);
            first[o - from] = start;
            weights[o - from] = fixed(raw(start, end, center, 1 / widening));
        }
    }

    /** First input pixel that output pixel i of the window depends on. */
    int first(int i) {
        return first[i];
    }

    /** Weights of the inputs from {@link #first} on, with {@value #PRECISION_BITS} fraction bits. */
    int[] weights(int i) {
        return weights[i];
    }

    int length() {
        return first.length;
    }

    /** First input pixel that the window depends on. */
    int inputStart() {
        return first[0];
    }

    /** Last input pixel that the window depends on, exclusive. */
    int inputEnd() {
        int last = first.length - 1;
        return first[last] + weights[last].length;
    }

    private static double[] raw(int start, int end, double center, double narrowing) {
        double[] raw = new double[end - start];
        double sum = 0;
        for (int x = 0; x < raw.length; x++) {
            raw[x] = Math.max(0, 1 - Math.abs((x + start - center + 0.5) * narrowing));
            sum += raw[x];
        }
        if (sum != 0) {
            for (int x = 0; x < raw.length; x++) {
                raw[x] /= sum;
            }
        }
        return raw;
    }

    private static int[] fixed(double[] raw) {
        int[] fixed = new int[raw.length];
        for (int x = 0; x < raw.length; x++) {
            fixed[x] = (int) (0.5 + raw[x] * (1 << PRECISION_BITS));
        }
        return fixed;
    }
}
