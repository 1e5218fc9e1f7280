package quantscope.kernel.scalar;

import quantscope.kernel.Kernel;
import quantscope.kernel.PoolShape;

/** Largest element of each window; padding never wins. */
final class MaxPooling {

    private MaxPooling() { }

    static Kernel float32(PoolShape s) {
        PoolWindow rows = rows(s);
        PoolWindow columns = columns(s);
        return (memory, inputs, output) -> {
            float[] data = memory.floats();
            int to = output;
            for (int c = 0; c < s.channels(); c++) {
                int plane = inputs[0] + c * s.inHeight() * s.inWidth();
                for (int y = 0; y < s.outHeight(); y++) {
                    for (int x = 0; x < s.outWidth(); x++) {
                        float max = Float.NEGATIVE_INFINITY;
                        for (int i = 0, row = rows.first(y); i < rows.count(y); i++, row += s.dilationH()) {
                            int at = plane + row * s.inWidth() + columns.first(x);
                            for (int j = 0; j < columns.count(x); j++, at += s.dilationW()) {
                                max = Math.max(max, data[at]);
                            }
                        }
                        data[to++] = max;
                    }
                }
            }
        };
    }

    static Kernel int8(PoolShape s) {
        PoolWindow rows = rows(s);
        PoolWindow columns = columns(s);
        return (memory, inputs, output) -> {
            byte[] data = memory.bytes();
            int to = output;
            for (int c = 0; c < s.channels(); c++) {
                int plane = inputs[0] + c * s.inHeight() * s.inWidth();
                for (int y = 0; y < s.outHeight(); y++) {
                    for (int x = 0; x < s.outWidth(); x++) {
                        int max = 0;
                        for (int i = 0, row = rows.first(y); i < rows.count(y); i++, row += s.dilationH()) {
                            int at = plane + row * s.inWidth() + columns.first(x);
                            for (int j = 0; j < columns.count(x); j++, at += s.dilationW()) {
                                max = Math.max(max, data[at] & 0xff);
                            }
                        }
                        data[to++] = (byte) max;
                    }
                }
            }
        };
    }

    static PoolWindow rows(PoolShape s) {
        return new PoolWindow(s.inHeight(), s.outHeight(), s.kernelH(), s.strideH(), s.dilationH(), s.padTop(),
                s.padBottom());
    }

    static PoolWindow columns(PoolShape s) {
        return new PoolWindow(s.inWidth(), s.outWidth(), s.kernelW(), s.strideW(), s.dilationW(), s.padLeft(),
                s.padRight());
    }
}
