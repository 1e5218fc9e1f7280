package quantscope.kernel.vector;

import java.util.Arrays;
import quantscope.kernel.ConvShape;

/** The inputs of the only output pixel, tap by tap; worked out once. */
final class Column {

    private final ConvShape shape;
    private final int[] pixels;

    /** @param s with one output pixel */
    Column(ConvShape s) {
        shape = s;
        pixels = new int[s.taps()];
        for (int tap = 0; tap < pixels.length; tap++) {
            pixels[tap] = s.pixel(0, 0, tap / s.kernelW(), tap % s.kernelW());
        }
    }

    /** A weight's channels in the same order. */
    static float[] weights(ConvShape s, float[] source) {
        float[] ordered = new float[source.length];
        for (int o = 0; o < s.outChannels(); o++) {
            for (int k = 0; k < s.depth(); k++) {
                ordered[o * s.depth() + k] = source[s.weight(o, k)];
            }
        }
        return ordered;
    }

    void gather(float[] image, int in, int group, float[] column) {
        int n = shape.inPerGroup();
        for (int tap = 0; tap < pixels.length; tap++) {
            if (pixels[tap] < 0) {
                Arrays.fill(column, tap * n, (tap + 1) * n, 0f);
            } else {
                System.arraycopy(image, in + pixels[tap] * shape.inChannels() + group * n, column, tap * n, n);
            }
        }
    }

    /** Levels less their zero point, from {@code to} on. */
    void gather(byte[] image, int in, int group, int zeroPoint, float[] column, int to) {
        int n = shape.inPerGroup();
        for (int tap = 0; tap < pixels.length; tap++) {
            if (pixels[tap] < 0) {
                Arrays.fill(column, to + tap * n, to + (tap + 1) * n, 0f);
            } else {
                int from = in + pixels[tap] * shape.inChannels() + group * n;
                for (int c = 0; c < n; c++) {
                    column[to + tap * n + c] = (float) ((image[from + c] & 0xff) - zeroPoint);
                }
            }
        }
    }
}
