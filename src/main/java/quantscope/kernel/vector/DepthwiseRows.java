package quantscope.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import quantscope.kernel.ConvShape;

/**
 * Sums of a convolution whose groups have one channel each, for a vector of channels at a time. A sum begins with the
 * bias and goes on tap by tap, whether its pixel is computed alone or with its neighbours, which share the weights' loads.
 */
final class DepthwiseRows {

    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final int TOGETHER = 4;

    private final ConvShape shape;
    /** [KH,KW,C]. */
    private final float[] weight;
    private final float[] bias;
    /** Output columns all of whose taps are inside the image: from the first to before the last. */
    private final int firstInside;
    private final int lastInside;

    DepthwiseRows(ConvShape shape, float[] weight, float[] bias) {
        this.shape = shape;
        this.bias = bias;
        int channels = shape.inChannels();
        this.weight = new float[weight.length];
        for (int c = 0; c < channels; c++) {
            for (int tap = 0; tap < shape.taps(); tap++) {
                this.weight[tap * channels + c] = weight[c * shape.taps() + tap];
            }
        }
        int first = 0;
        while (first < shape.outWidth() && tapsFrom(column(first), shape.dilationW()) > 0) {
            first++;
        }
        int last = first;
        while (last < shape.outWidth() && tapsTo(column(last), shape.dilationW(), shape.inWidth(), shape.kernelW())
                == shape.kernelW()) {
            last++;
        }
        firstInside = first;
        lastInside = last;
    }

    /** Whether there is a vector of channels, so that the last one may overlap the one before. */
    static boolean takes(ConvShape shape) {
        return shape.groups() == shape.inChannels() && shape.groups() == shape.outChannels()
                && shape.groups() >= F.length();
    }

    /** @param y which row of [H,W,C] goes to {@code to} */
    void run(float[] in, int from, int y, float[] out, int to) {
        int channels = shape.inChannels();
        int row = y * shape.strideH() - shape.padTop();
        int first = tapsFrom(row, shape.dilationH());
        int last = tapsTo(row, shape.dilationH(), shape.inHeight(), shape.kernelH());
        int start = from + row * shape.inWidth() * channels;
        int x = 0;
        while (x < shape.outWidth()) {
            if (x >= firstInside && x + TOGETHER <= lastInside) {
                four(in, start + column(x) * channels, first, last, out, to + x * channels);
                x += TOGETHER;
            } else {
                one(in, start + column(x) * channels, first, last, tapsFrom(column(x), shape.dilationW()),
                        tapsTo(column(x), shape.dilationW(), shape.inWidth(), shape.kernelW()), out, to + x * channels);
                x++;
            }
        }
    }

    private int column(int x) {
        return x * shape.strideW() - shape.padLeft();
    }

    /** The first tap inside the image. */
    private static int tapsFrom(int at, int dilation) {
        return at >= 0 ? 0 : (-at + dilation - 1) / dilation;
    }

    /** Behind the last tap inside the image. */
    private static int tapsTo(int at, int dilation, int size, int taps) {
        return at >= size ? 0 : Math.min(taps, (size - 1 - at) / dilation + 1);
    }

    private void one(float[] in, int at, int firstRow, int lastRow, int firstTap, int lastTap, float[] out, int to) {
        int channels = shape.inChannels();
        for (int next = 0; next < channels; next += F.length()) {
            int c = Math.min(next, channels - F.length());
            FloatVector sum = FloatVector.fromArray(F, bias, c);
            for (int i = firstRow; i < lastRow; i++) {
                int pixel = at + i * shape.dilationH() * shape.inWidth() * channels + c;
                for (int j = firstTap; j < lastTap; j++) {
                    FloatVector w = FloatVector.fromArray(F, weight, (i * shape.kernelW() + j) * channels + c);
                    sum = FloatVector.fromArray(F, in, pixel + j * shape.dilationW() * channels).fma(w, sum);
                }
            }
            sum.intoArray(out, to + c);
        }
    }

    private void four(float[] in, int at, int firstRow, int lastRow, float[] out, int to) {
        int channels = shape.inChannels();
        int step = shape.strideW() * channels;
        int tapStep = shape.dilationW() * channels;
        int taps = shape.kernelW();
        for (int next = 0; next < channels; next += F.length()) {
            int c = Math.min(next, channels - F.length());
            FloatVector sum0 = FloatVector.fromArray(F, bias, c);
            FloatVector sum1 = sum0;
            FloatVector sum2 = sum0;
            FloatVector sum3 = sum0;
            for (int i = firstRow; i < lastRow; i++) {
                int pixel = at + i * shape.dilationH() * shape.inWidth() * channels + c;
                int w = i * taps * channels + c;
                for (int j = 0; j < taps; j++, pixel += tapStep, w += channels) {
                    FloatVector by = FloatVector.fromArray(F, weight, w);
                    sum0 = FloatVector.fromArray(F, in, pixel).fma(by, sum0);
                    sum1 = FloatVector.fromArray(F, in, pixel + step).fma(by, sum1);
                    sum2 = FloatVector.fromArray(F, in, pixel + 2 * step).fma(by, sum2);
                    sum3 = FloatVector.fromArray(F, in, pixel + 3 * step).fma(by, sum3);
                }
            }
            sum0.intoArray(out, to + c);
            sum1.intoArray(out, to + channels + c);
            sum2.intoArray(out, to + 2 * channels + c);
            sum3.intoArray(out, to + 3 * channels + c);
        }
    }
}
