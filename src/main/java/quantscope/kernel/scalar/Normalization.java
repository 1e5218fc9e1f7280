package quantscope.kernel.scalar;

import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;

/** Kernels that look along an axis. */
final class Normalization {

    private Normalization() { }

    static Kernel localResponse(KernelSpec.LocalResponseNorm s) {
        int before = s.size() / 2;
        int after = (s.size() - 1) / 2;
        return (memory, inputs, output) -> {
            float[] data = memory.floats();
            for (int c = 0; c < s.channels(); c++) {
                int low = Math.max(0, c - before);
                int high = Math.min(s.channels() - 1, c + after);
                for (int i = 0; i < s.inner(); i++) {
                    float squares = 0;
                    for (int n = low; n <= high; n++) {
                        float x = data[inputs[0] + n * s.inner() + i];
                        squares += x * x;
                    }
                    float base = s.k() + s.alpha() * (squares / s.size());
                    int at = c * s.inner() + i;
                    data[output + at] = data[inputs[0] + at] / (float) Math.pow(base, s.beta());
                }
            }
        };
    }

    static Kernel softmax(KernelSpec.Softmax s) {
        return (memory, inputs, output) -> {
            float[] data = memory.floats();
            for (int outer = 0; outer < s.outer(); outer++) {
                for (int inner = 0; inner < s.inner(); inner++) {
                    int start = outer * s.length() * s.inner() + inner;
                    softmax(data, inputs[0] + start, output + start, s);
                }
            }
        };
    }

    private static void softmax(float[] data, int from, int to, KernelSpec.Softmax s) {
        int step = s.inner();
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < s.length(); i++) {
            max = Math.max(max, data[from + i * step]);
        }
        double sum = 0;
        for (int i = 0; i < s.length(); i++) {
            sum += Math.exp((double) data[from + i * step] - max);
        }
        double logarithm = Math.log(sum);
        for (int i = 0; i < s.length(); i++) {
            double x = (double) data[from + i * step] - max;
            data[to + i * step] = (float) (s.log() ? x - logarithm : Math.exp(x) / sum);
        }
    }
}
