package quantscope.kernel.scalar;

import quantscope.kernel.Broadcast;
import quantscope.kernel.Int8Arithmetic;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;

/** Kernels that make each element of two, row by row of the output. */
final class Pairwise {

    /** Two inputs' places and steps for one row of the output. */
    @FunctionalInterface
    private interface Row {
        void run(int a, int stepA, int b, int stepB, int to, int n);
    }

    private Pairwise() { }

    static Kernel binary(KernelSpec.Binary s) {
        if (s.product()) {
            return (memory, inputs, output) -> {
                float[] data = memory.floats();
                rows(s.broadcast(), inputs, output, (a, stepA, b, stepB, to, n) -> {
                    for (int i = 0; i < n; i++) {
                        data[to + i] = data[a + i * stepA] * data[b + i * stepB];
                    }
                });
            };
        }
        return (memory, inputs, output) -> {
            float[] data = memory.floats();
            rows(s.broadcast(), inputs, output, (a, stepA, b, stepB, to, n) -> {
                for (int i = 0; i < n; i++) {
                    data[to + i] = data[a + i * stepA] + data[b + i * stepB];
                }
            });
        };
    }

    static Kernel function(KernelSpec.Pairwise s) {
        return (memory, inputs, output) -> {
            float[] data = memory.floats();
            rows(s.broadcast(), inputs, output, (a, stepA, b, stepB, to, n) -> {
                for (int i = 0; i < n; i++) {
                    data[to + i] = s.function().apply(data[a + i * stepA], data[b + i * stepB]);
                }
            });
        };
    }

    static Kernel add(KernelSpec.Int8Add s) {
        float[] realA = dequantized(s.scaleA(), s.zeroA());
        float[] realB = dequantized(s.scaleB(), s.zeroB());
        return (memory, inputs, output) -> {
            byte[] data = memory.bytes();
            rows(s.broadcast(), inputs, output, (a, stepA, b, stepB, to, n) -> {
                for (int i = 0; i < n; i++) {
                    float sum = realA[data[a + i * stepA] & 0xff] + realB[data[b + i * stepB] & 0xff];
                    sum = s.relu() ? Math.max(sum, 0f) : sum;
                    data[to + i] = Int8Arithmetic.requantize(sum, s.inverseScale(), s.zeroPoint());
                }
            });
        };
    }

    static Kernel multiply(KernelSpec.Int8Mul s) {
        return (memory, inputs, output) -> {
            byte[] data = memory.bytes();
            rows(s.broadcast(), inputs, output, (a, stepA, b, stepB, to, n) -> {
                for (int i = 0; i < n; i++) {
                    int product = ((data[a + i * stepA] & 0xff) - s.zeroA())
                            * ((data[b + i * stepB] & 0xff) - s.zeroB());
                    data[to + i] = Int8Arithmetic.requantize(product, s.multiplier(), s.zeroPoint());
                }
            });
        };
    }

    static Kernel pairs(KernelSpec.Int8Pairs s) {
        return (memory, inputs, output) -> {
            byte[] data = memory.bytes();
            rows(s.broadcast(), inputs, output, (a, stepA, b, stepB, to, n) -> {
                for (int i = 0; i < n; i++) {
                    data[to + i] = s.rule().level(data[a + i * stepA] & 0xff, data[b + i * stepB] & 0xff);
                }
            });
        };
    }

    private static float[] dequantized(float scale, int zeroPoint) {
        float[] real = new float[256];
        for (int level = 0; level < 256; level++) {
            real[level] = Int8Arithmetic.dequantizeFused(level, scale, zeroPoint);
        }
        return real;
    }

    private static void rows(Broadcast shape, int[] inputs, int output, Row row) {
        if (shape.plain()) {
            row.run(inputs[0], 1, inputs[1], 1, output, shape.size());
            return;
        }
        int n = shape.rowLength();
        int rows = shape.size() / n;
        for (int r = 0; r < rows; r++) {
            row.run(inputs[0] + shape.rowStart(r, shape.first()), shape.rowStep(shape.first()),
                    inputs[1] + shape.rowStart(r, shape.second()), shape.rowStep(shape.second()), output + r * n, n);
        }
    }
}
