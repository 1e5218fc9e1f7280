package quantscope.kernel.scalar;

import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;

/** Softmax and its logarithm, summed in double. */
final class SoftmaxKernel {

    private SoftmaxKernel() { }

    static Kernel of(KernelSpec.Softmax s) {
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
