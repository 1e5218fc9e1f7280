package quantscope.kernel.scalar;

import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;

/** The definition of the int8 convolution; int32 accumulators cannot overflow up to a depth of 33,000. */
final class ScalarInt8Conv implements Kernel {

    private final KernelSpec.Int8Conv spec;

    ScalarInt8Conv(KernelSpec.Int8Conv spec) {
        this.spec = spec;
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        ConvShape s = spec.shape();
        int at = output;
        for (int y = 0; y < s.outHeight(); y++) {
            for (int x = 0; x < s.outWidth(); x++) {
                for (int o = 0; o < s.outChannels(); o++) {
                    int sum = sum(memory.bytes(), inputs[0], o, y, x);
                    memory.bytes()[at++] = spec.requantize().level(sum, o);
                }
            }
        }
    }

    private int sum(byte[] in, int start, int o, int y, int x) {
        ConvShape s = spec.shape();
        int sum = 0;
        int w = o * s.depth();
        int channel = start + o / s.outPerGroup() * s.inPerGroup();
        for (int c = 0; c < s.inPerGroup(); c++, channel++) {
            for (int i = 0; i < s.kernelH(); i++) {
                for (int j = 0; j < s.kernelW(); j++, w++) {
                    int pixel = s.pixel(y, x, i, j);
                    if (pixel >= 0) {
                        int level = in[channel + pixel * s.inChannels()] & 0xff;
                        sum += (level - spec.inputZeroPoint()) * spec.weight()[w];
                    }
                }
            }
        }
        return sum;
    }
}
