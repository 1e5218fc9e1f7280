package quantscope.kernel.scalar;

import quantscope.kernel.PoolShape;

/**
 * A pooling window along one axis: the taps that lie inside of the input, and how many lie inside of the input with
 * its padding.
 */
public final class PoolWindow {

    private final int[] first;
    private final int[] count;
    private final int[] padded;

    private final int in;
    private final int dilation;

    private PoolWindow(int in, int out, int kernel, int stride, int dilation, int padBefore, int padAfter) {
        this.in = in;
        this.dilation = dilation;
        first = new int[out];
        count = new int[out];
        padded = new int[out];
        for (int i = 0; i < out; i++) {
            first[i] = -1;
            for (int tap = 0; tap < kernel; tap++) {
                int at = i * stride - padBefore + tap * dilation;
                if (at < in + padAfter) {
                    padded[i]++;
                }
                if (at >= 0 && at < in) {
                    first[i] = count[i] == 0 ? at : first[i];
                    count[i]++;
                }
            }
        }
    }

    public static PoolWindow rows(PoolShape s) {
        return new PoolWindow(s.inHeight(), s.outHeight(), s.kernelH(), s.strideH(), s.dilationH(), s.padTop(),
                s.padBottom());
    }

    public static PoolWindow columns(PoolShape s) {
        return new PoolWindow(s.inWidth(), s.outWidth(), s.kernelW(), s.strideW(), s.dilationW(), s.padLeft(),
                s.padRight());
    }

    /** Index of the input pixel of tap i inside of row window y and tap j inside of column window x. */
    public int pixel(int y, int i, PoolWindow columns, int x, int j) {
        return (first[y] + i * dilation) * columns.in + columns.first[x] + j * columns.dilation;
    }

    /** Taps inside of the input. */
    public int count(int out) {
        return count[out];
    }

    /** Taps inside of the padded input; beyond it reach only windows that ceil mode adds. */
    int padded(int out) {
        return padded[out];
    }
}
