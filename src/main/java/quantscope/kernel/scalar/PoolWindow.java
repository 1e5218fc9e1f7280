package quantscope.kernel.scalar;

/**
 * A pooling window along one axis: the taps that lie inside of the input, and how many lie inside of the input with
 * its padding.
 */
final class PoolWindow {

    private final int[] first;
    private final int[] count;
    private final int[] padded;

    PoolWindow(int in, int out, int kernel, int stride, int dilation, int padBefore, int padAfter) {
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

    /** The first position inside; -1 if there is none. */
    int first(int out) {
        return first[out];
    }

    /** Taps inside of the input. */
    int count(int out) {
        return count[out];
    }

    /** Taps inside of the padded input; beyond it reach only windows that ceil mode adds. */
    int padded(int out) {
        return padded[out];
    }
}
