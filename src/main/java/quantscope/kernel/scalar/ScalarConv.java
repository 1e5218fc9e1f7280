package quantscope.kernel.scalar;

import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;

/** The definition of the fp32 convolution, summed in channel, row, column order. */
final class ScalarConv implements Kernel {

    private final KernelSpec.Conv spec;

    ScalarConv(KernelSpec.Conv spec) {
        this.spec = spec;
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        ConvShape s = spec.shape();
        int at = output;
        for (int y = 0; y < s.outHeight(); y++) {
            for (int x = 0; x < s.outWidth(); x++) {
                for (int o = 0; o < s.outChannels(); o++) {
                    memory.floats()[at++] = sum(memory.floats(), inputs[0], o, y, x) + spec.bias()[o];
                }
            }
        }
    }

    private float sum(float[] in, int start, int o, int y, int x) {
        ConvShape s = spec.shape();
        float sum = 0;
        int w = o * s.depth();
        int channel = start + o / s.outPerGroup() * s.inPerGroup();
        for (int c = 0; c < s.inPerGroup(); c++, channel++) {
            for (int i = 0; i < s.kernelH(); i++) {
                for (int j = 0; j < s.kernelW(); j++, w++) {
                    int pixel = s.pixel(y, x, i, j);
                    if (pixel >= 0) {
                        sum = Math.fma(in[channel + pixel * s.inChannels()], spec.weight()[w], sum);
                    }
                }
            }
        }
        return sum;
    }
}
