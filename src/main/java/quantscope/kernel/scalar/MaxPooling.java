package quantscope.kernel.scalar;

import java.util.Arrays;
import quantscope.kernel.Kernel;
import quantscope.kernel.Memory;
import quantscope.kernel.PoolShape;
import quantscope.kernel.Scratch;

/**
 * Largest element of each window; padding never wins, a NaN always does. A window's rows are joined first, in loops
 * that the compiler vectorizes, then the joined row's columns.
 */
final class MaxPooling {

    private MaxPooling() { }

    static Kernel float32(PoolShape s) {
        return new Float32(s, rows(s), columns(s));
    }

    static Kernel int8(PoolShape s) {
        return new Int8(s, rows(s), columns(s));
    }

    static PoolWindow rows(PoolShape s) {
        return new PoolWindow(s.inHeight(), s.outHeight(), s.kernelH(), s.strideH(), s.dilationH(), s.padTop(),
                s.padBottom());
    }

    static PoolWindow columns(PoolShape s) {
        return new PoolWindow(s.inWidth(), s.outWidth(), s.kernelW(), s.strideW(), s.dilationW(), s.padLeft(),
                s.padRight());
    }

    private record Float32(PoolShape s, PoolWindow rows, PoolWindow columns) implements Kernel {

        @Override
        public Scratch scratch() {
            return new Scratch(s.inWidth(), 0, 0);
        }

        @Override
        public void run(Memory memory, int[] inputs, int output) {
            int to = output;
            for (int c = 0; c < s.channels(); c++) {
                int plane = inputs[0] + c * s.inHeight() * s.inWidth();
                for (int y = 0; y < s.outHeight(); y++, to += s.outWidth()) {
                    join(memory.floats(), plane, y, memory.scratchFloats());
                    for (int x = 0; x < s.outWidth(); x++) {
                        float max = Float.NEGATIVE_INFINITY;
                        int at = columns.first(x);
                        for (int j = 0; j < columns.count(x); j++, at += s.dilationW()) {
                            max = Math.max(max, memory.scratchFloats()[at]);
                        }
                        memory.floats()[to + x] = max;
                    }
                }
            }
        }

        private void join(float[] data, int plane, int y, float[] joined) {
            int width = s.inWidth();
            if (rows.count(y) == 0) {
                Arrays.fill(joined, 0, width, Float.NEGATIVE_INFINITY);
                return;
            }
            int from = plane + rows.first(y) * width;
            System.arraycopy(data, from, joined, 0, width);
            for (int i = 1; i < rows.count(y); i++) {
                int row = from + i * s.dilationH() * width;
                for (int x = 0; x < width; x++) {
                    joined[x] = Math.max(joined[x], data[row + x]);
                }
            }
        }
    }

    private record Int8(PoolShape s, PoolWindow rows, PoolWindow columns) implements Kernel {

        @Override
        public Scratch scratch() {
            return new Scratch(0, s.inWidth(), 0);
        }

        @Override
        public void run(Memory memory, int[] inputs, int output) {
            int to = output;
            for (int c = 0; c < s.channels(); c++) {
                int plane = inputs[0] + c * s.inHeight() * s.inWidth();
                for (int y = 0; y < s.outHeight(); y++, to += s.outWidth()) {
                    join(memory.bytes(), plane, y, memory.scratchInts());
                    for (int x = 0; x < s.outWidth(); x++) {
                        int max = 0;
                        int at = columns.first(x);
                        for (int j = 0; j < columns.count(x); j++, at += s.dilationW()) {
                            max = Math.max(max, memory.scratchInts()[at]);
                        }
                        memory.bytes()[to + x] = (byte) max;
                    }
                }
            }
        }

        private void join(byte[] data, int plane, int y, int[] joined) {
            int width = s.inWidth();
            Arrays.fill(joined, 0, width, 0);
            for (int i = 0; i < rows.count(y); i++) {
                int row = plane + (rows.first(y) + i * s.dilationH()) * width;
                for (int x = 0; x < width; x++) {
                    joined[x] = Math.max(joined[x], data[row + x] & 0xff);
                }
            }
        }
    }
}
