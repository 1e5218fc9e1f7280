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
        int z = spec.zeroPoint();
        return new Int8(spec.shape(), z, spec.countIncludePad(), (sum, count, c) -> {
            // As ATen rounds: its vectors multiply by 1/count, its scalar code divides by the reciprocal of that.
            float share = 1f / count;
            return c < spec.vectorChannels() ? Int8Arithmetic.requantize(sum, share, z)
                    : Int8Arithmetic.quantizeValue(sum, 1f / (1f / share), z);
        });
    }

    static Kernel scaled(KernelSpec.ScaledAvgPool spec) {
        return new Int8(spec.shape(), spec.zeroPoint(), true, (sum, count, _) -> Int8Arithmetic.requantize(sum,
                spec.scale() / (spec.outScale() * count), spec.outZeroPoint()));
    }

    /** The level of a channel's mean. */
    @FunctionalInterface
    private interface Mean {
        byte level(int sum, int count, int channel);
    }

    private record Int8(PoolShape shape, int zeroPoint, boolean countIncludePad, Mean mean) implements Kernel {

        @Override
        public Scratch scratch() {
            return new Scratch(0, shape.channels(), 0);
        }

        @Override
        public void run(Memory memory, int[] inputs, int output) {
            PoolWindow rows = PoolWindow.rows(shape);
            PoolWindow columns = PoolWindow.columns(shape);
            int[] sums = memory.scratchInts();
            int to = output;
            for (int y = 0; y < shape.outHeight(); y++) {
                for (int x = 0; x < shape.outWidth(); x++, to += shape.channels()) {
                    Arrays.fill(sums, 0, shape.channels(), -zeroPoint * rows.count(y) * columns.count(x));
                    for (int i = 0; i < rows.count(y); i++) {
                        for (int j = 0; j < columns.count(x); j++) {
                            add(memory.bytes(), inputs[0] + rows.pixel(y, i, columns, x, j) * shape.channels(), sums,
                                    shape.channels());
                        }
                    }
                    int count = divisor(rows, y, columns, x, countIncludePad);
                    for (int c = 0; c < shape.channels(); c++) {
                        memory.bytes()[to + c] = mean.level(sums[c], count, c);
                    }
                }
            }
        }
    }

    static Kernel real(KernelSpec.RealAvgPool spec) {
        PoolShape s = spec.shape();
        PoolWindow rows = PoolWindow.rows(s);
        PoolWindow columns = PoolWindow.columns(s);
        return (memory, inputs, output) -> {
            byte[] data = memory.bytes();
            int to = output;
            for (int y = 0; y < s.outHeight(); y++) {
                for (int x = 0; x < s.outWidth(); x++) {
                    int divisor = divisor(rows, y, columns, x, spec.countIncludePad());
                    for (int c = 0; c < s.channels(); c++, to++) {
                        float sum = 0;
                        for (int i = 0; i < rows.count(y); i++) {
                            for (int j = 0; j < columns.count(x); j++) {
                                int level = data[inputs[0] + rows.pixel(y, i, columns, x, j) * s.channels() + c] & 0xff;
                                sum += Int8Arithmetic.dequantize(level, spec.scale(), spec.zeroPoint());
                            }
                        }
                        data[to] = Int8Arithmetic.level(sum / divisor / spec.outScale() + spec.outZeroPoint(), 0, 0);
                    }
                }
            }
        };
    }

    private static int divisor(PoolWindow rows, int y, PoolWindow columns, int x, boolean countIncludePad) {
        return countIncludePad ? rows.padded(y) * columns.padded(x) : rows.count(y) * columns.count(x);
    }
}
