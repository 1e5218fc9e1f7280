package quantscope.kernel.scalar;

import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;

/** Takes away mean and spread of groups of elements. Mean and variance are summed in double, one pass each. */
final class Normalizing implements Kernel {

    private final KernelSpec.Normalize spec;
    private final int length;

    Normalizing(KernelSpec.Normalize spec) {
        this.spec = spec;
        this.length = spec.order().length / spec.groups();
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        float[] data = memory.floats();
        for (int start = 0; start < spec.order().length; start += length) {
            double mean = spec.center() ? sum(data, inputs[0], start, 0, 1) / length : 0;
            double variance = sum(data, inputs[0], start, mean, 2) / length;
            double factor = 1 / Math.sqrt(variance + spec.eps());
            for (int i = start; i < start + length; i++) {
                int at = spec.order()[i];
                data[output + at] = (float) ((data[inputs[0] + at] - mean) * factor * spec.weight()[i] + spec.bias()[i]);
            }
        }
    }

    private double sum(float[] data, int from, int start, double mean, int power) {
        double sum = 0;
        for (int i = start; i < start + length; i++) {
            double x = data[from + spec.order()[i]] - mean;
            sum += power == 1 ? x : x * x;
        }
        return sum;
    }
}
