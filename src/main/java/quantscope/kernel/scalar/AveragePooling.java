package quantscope.kernel.scalar;

import java.util.Arrays;
import quantscope.kernel.Int8Arithmetic;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.PoolShape;
import quantscope.kernel.Scratch;

/** Mean of each window, for a pixel's channels at a time. */
final class AveragePooling {

    private AveragePooling() { }

    static Kernel float32(KernelSpec.AvgPool spec) {
        PoolShape s = spec.shape();
        PoolWindow rows = PoolWindow.rows(s);
        PoolWindow columns = PoolWindow.columns(s);
        return (memory, inputs, output) -> {
            float[] data = memory.floats();
            int to = output;
            for (int y = 0; y < s.outHeight(); y++) {
                for (int x = 0; x < s.outWidth(); x++, to += s.channels()) {
                    Arrays.fill(data, to, to + s.channels(), 0f);
                    for (int i = 0; i < rows.count(y); i++) {
                        for (int j = 0; j < columns.count(x); j++) {
                            add(data, inputs[0] + rows.pixel(y, i, columns, x, j) * s.channels(), to, s.channels());
                        }
                    }
                    int divisor = divisor(rows, y, columns, x, spec.countIncludePad());
                    for (int c = 0; c < s.channels(); c++) {
                        data[to + c] = divisor == 0 ? 0 : data[to + c] / divisor;
                    }
                }
            }
        };
    }

    static void add(float[] data, int from, int to, int n) {
        for (int c = 0; c < n; c++) {
            data[to + c] += data[from + c];
        }
    }

    static void add(byte[] data, int from, int[] sums, int n) {
        for (int c = 0; c < n; c++) {
            sums[c] += data[from + c] & 0xff;
        }
    }

    static Kernel int8(KernelSpec.Int8AvgPool spec) {
        return new Int8(spec, PoolWindow.rows(spec.shape()), PoolWindow.columns(spec.shape()));
    }

    /** As ATen rounds: its vectors multiply by 1/count, its scalar code divides by the reciprocal of that. */
    private record Int8(KernelSpec.Int8AvgPool spec, PoolWindow rows, PoolWindow columns) implements Kernel {

        @Override
        public Scratch scratch() {
            return new Scratch(0, spec.shape().channels(), 0);
        }

        @Override
        public void run(Memory memory, int[] inputs, int output) {
            PoolShape s = spec.shape();
            int[] sums = memory.scratchInts();
            int to = output;
            for (int y = 0; y < s.outHeight(); y++) {
                for (int x = 0; x < s.outWidth(); x++, to += s.channels()) {
                    Arrays.fill(sums, 0, s.channels(), -spec.zeroPoint() * rows.count(y) * columns.count(x));
                    for (int i = 0; i < rows.count(y); i++) {
                        for (int j = 0; j < columns.count(x); j++) {
                            add(memory.bytes(), inputs[0] + rows.pixel(y, i, columns, x, j) * s.channels(), sums,
                                    s.channels());
                        }
                    }
                    float share = 1f / divisor(rows, y, columns, x, spec.countIncludePad());
                    store(sums, share, memory.bytes(), to);
                }
            }
        }

        private void store(int[] sums, float share, byte[] levels, int to) {
            int z = spec.zeroPoint();
            for (int c = 0; c < spec.vectorChannels(); c++) {
                levels[to + c] = Int8Arithmetic.requantize(sums[c], share, z);
            }
            float inverse = 1f / (1f / share);
            for (int c = spec.vectorChannels(); c < spec.shape().channels(); c++) {
                levels[to + c] = Int8Arithmetic.quantizeValue(sums[c], inverse, z);
            }
        }
    }

    private static int divisor(PoolWindow rows, int y, PoolWindow columns, int x, boolean countIncludePad) {
        return countIncludePad ? rows.padded(y) * columns.padded(x) : rows.count(y) * columns.count(x);
    }
}
