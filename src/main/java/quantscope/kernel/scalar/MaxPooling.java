package quantscope.kernel.scalar;

import java.util.Arrays;
import quantscope.kernel.Kernel;
import quantscope.kernel.PoolShape;

/** Largest element of each window, for a pixel's channels at a time; padding never wins, a NaN always does. */
final class MaxPooling {

    private MaxPooling() { }

    static Kernel float32(PoolShape s) {
        PoolWindow rows = PoolWindow.rows(s);
        PoolWindow columns = PoolWindow.columns(s);
        return (memory, inputs, output) -> {
            int to = output;
            for (int y = 0; y < s.outHeight(); y++) {
                for (int x = 0; x < s.outWidth(); x++, to += s.channels()) {
                    Arrays.fill(memory.floats(), to, to + s.channels(), Float.NEGATIVE_INFINITY);
                    for (int i = 0; i < rows.count(y); i++) {
                        for (int j = 0; j < columns.count(x); j++) {
                            join(memory.floats(), inputs[0] + rows.pixel(y, i, columns, x, j) * s.channels(), to,
                                    s.channels());
                        }
                    }
                }
            }
        };
    }

    static Kernel int8(PoolShape s) {
        PoolWindow rows = PoolWindow.rows(s);
        PoolWindow columns = PoolWindow.columns(s);
        return (memory, inputs, output) -> {
            int to = output;
            for (int y = 0; y < s.outHeight(); y++) {
                for (int x = 0; x < s.outWidth(); x++, to += s.channels()) {
                    Arrays.fill(memory.bytes(), to, to + s.channels(), (byte) 0);
                    for (int i = 0; i < rows.count(y); i++) {
                        for (int j = 0; j < columns.count(x); j++) {
                            join(memory.bytes(), inputs[0] + rows.pixel(y, i, columns, x, j) * s.channels(), to,
                                    s.channels());
                        }
                    }
                }
            }
        };
    }

    private static void join(float[] data, int from, int to, int n) {
        for (int c = 0; c < n; c++) {
            data[to + c] = Math.max(data[to + c], data[from + c]);
        }
    }

    private static void join(byte[] data, int from, int to, int n) {
        for (int c = 0; c < n; c++) {
            data[to + c] = (byte) Math.max(data[to + c] & 0xff, data[from + c] & 0xff);
        }
    }
}
