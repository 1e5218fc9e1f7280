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

    static Kernel batchNorm(KernelSpec.BatchNorm s) {
        return (memory, inputs, output) -> {
            float[] data = memory.floats();
            for (int c = 0; c < s.channels(); c++) {
                float factor = s.factor()[c];
                float offset = s.offset()[c];
                int from = inputs[0] + c * s.inner();
                int to = output + c * s.inner();
                for (int i = 0; i < s.inner(); i++) {
                    data[to + i] = Math.fma(data[from + i], factor, offset);
                }
            }
        };
    }

    static Kernel batchNorm(KernelSpec.Int8BatchNorm s) {
        return (memory, inputs, output) -> {
            byte[] data = memory.bytes();
            for (int c = 0; c < s.channels(); c++) {
                int from = inputs[0] + c * s.inner();
                int to = output + c * s.inner();
                for (int i = 0; i < s.inner(); i++) {
                    float x = (data[from + i] & 0xff) - s.inputZeroPoint();
                    float y = Math.fma(s.alpha()[c], x, s.beta()[c]);
                    data[to + i] = Int8Arithmetic.level(y, s.zeroPoint(), 0);
                }
            }
        };
    }
}
