package quantscope.kernel.scalar;

import quantscope.kernel.Int8Arithmetic;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;

/** Kernels that make each element of one element; loops are kept plain so that the compiler vectorizes them. */
final class Pointwise {

    private Pointwise() { }

    static Kernel quantize(KernelSpec.Quantize s) {
        return (memory, inputs, output) -> {
            float[] in = memory.floats();
            byte[] out = memory.bytes();
            int from = inputs[0];
            for (int i = 0; i < s.n(); i++) {
                out[output + i] = Int8Arithmetic.quantize(in[from + i], s.inverseScale(), s.zeroPoint());
            }
        };
    }

    static Kernel quantize(KernelSpec.DividingQuantize s) {
        return (memory, inputs, output) -> {
            float[] in = memory.floats();
            byte[] out = memory.bytes();
            int from = inputs[0];
            for (int i = 0; i < s.n(); i++) {
                out[output + i] = Int8Arithmetic.level(in[from + i] / s.scale(), s.zeroPoint(), 0);
            }
        };
    }

    static Kernel dequantize(KernelSpec.Dequantize s) {
        return (memory, inputs, output) -> {
            byte[] in = memory.bytes();
            float[] out = memory.floats();
            int from = inputs[0];
            for (int i = 0; i < s.n(); i++) {
                out[output + i] = (float) ((in[from + i] & 0xff) - s.zeroPoint()) * s.scale();
            }
        };
    }

    static Kernel map(KernelSpec.Int8Map s) {
        byte[] table = s.table();
        return (memory, inputs, output) -> {
            byte[] data = memory.bytes();
            int from = inputs[0];
            for (int i = 0; i < s.n(); i++) {
                data[output + i] = table[data[from + i] & 0xff];
            }
        };
    }

    static Kernel map(KernelSpec.Int8ChannelMap s) {
        return (memory, inputs, output) -> {
            byte[] data = memory.bytes();
            for (int plane = 0; plane < s.outer() * s.channels(); plane++) {
                int table = plane % s.channels() * 256;
                int from = inputs[0] + plane * s.inner();
                int to = output + plane * s.inner();
                for (int i = 0; i < s.inner(); i++) {
                    data[to + i] = s.tables()[table + (data[from + i] & 0xff)];
                }
            }
        };
    }

    static Kernel unary(KernelSpec.Unary s) {
        int n = s.n();
        float a = s.a();
        float b = s.b();
        return switch (s.function()) {
            case RELU -> (memory, inputs, output) -> {
                float[] data = memory.floats();
                for (int i = 0, from = inputs[0]; i < n; i++) {
                    data[output + i] = Math.max(data[from + i], 0f);
                }
            };
            case CLIP -> (memory, inputs, output) -> {
                float[] data = memory.floats();
                for (int i = 0, from = inputs[0]; i < n; i++) {
                    data[output + i] = Math.min(Math.max(data[from + i], a), b);
                }
            };
            case LEAKY_RELU -> (memory, inputs, output) -> {
                float[] data = memory.floats();
                for (int i = 0, from = inputs[0]; i < n; i++) {
                    float x = data[from + i];
                    data[output + i] = x > 0 ? x : x * a;
                }
            };
            case SIGMOID -> (memory, inputs, output) -> {
                float[] data = memory.floats();
                for (int i = 0, from = inputs[0]; i < n; i++) {
                    data[output + i] = (float) (1 / (1 + Math.exp(-(double) data[from + i])));
                }
            };
            case SIGN -> (memory, inputs, output) -> {
                float[] data = memory.floats();
                for (int i = 0, from = inputs[0]; i < n; i++) {
                    float x = data[from + i];
                    data[output + i] = x == 0 ? a : Math.signum(x);
                }
            };
        };
    }

    static Kernel function(KernelSpec.Pointwise s) {
        return (memory, inputs, output) -> {
            float[] data = memory.floats();
            for (int i = 0, from = inputs[0]; i < s.n(); i++) {
                data[output + i] = s.function().apply(data[from + i], s.a(), s.b());
            }
        };
    }

    static Kernel batchNorm(KernelSpec.BatchNorm s) {
        if (s.inner() == 1) {
            return (memory, inputs, output) -> {
                for (int row = 0; row < s.outer(); row++) {
                    normalize(memory.floats(), inputs[0] + row * s.channels(), output + row * s.channels(), s.factor(),
                            s.offset());
                }
            };
        }
        return (memory, inputs, output) -> {
            float[] data = memory.floats();
            for (int plane = 0; plane < s.outer() * s.channels(); plane++) {
                float factor = s.factor()[plane % s.channels()];
                float offset = s.offset()[plane % s.channels()];
                int from = inputs[0] + plane * s.inner();
                int to = output + plane * s.inner();
                for (int i = 0; i < s.inner(); i++) {
                    data[to + i] = Math.fma(data[from + i], factor, offset);
                }
            }
        };
    }

    private static void normalize(float[] data, int from, int to, float[] factor, float[] offset) {
        for (int c = 0; c < factor.length; c++) {
            data[to + c] = Math.fma(data[from + c], factor[c], offset[c]);
        }
    }

    static Kernel batchNorm(KernelSpec.Int8BatchNorm s) {
        return (memory, inputs, output) -> {
            byte[] data = memory.bytes();
            for (int plane = 0; plane < s.outer() * s.channels(); plane++) {
                int c = plane % s.channels();
                int from = inputs[0] + plane * s.inner();
                int to = output + plane * s.inner();
                for (int i = 0; i < s.inner(); i++) {
                    float x = (data[from + i] & 0xff) - s.inputZeroPoint();
                    float y = Math.fma(s.alpha()[c], x, s.beta()[c]);
                    data[to + i] = Int8Arithmetic.level(y, s.zeroPoint(), 0);
                }
            }
        };
    }
}
