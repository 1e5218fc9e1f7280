package quantscope.kernel.scalar;

import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;

/** The definition of an int8 convolution on vpmaddubsw: sums of two neighbouring products are clamped to 16 bits. */
final class ScalarSaturatedConv implements Kernel {

    private final KernelSpec.Int8Conv spec;

    ScalarSaturatedConv(KernelSpec.SaturatedInt8Conv spec) {
        this.spec = spec.exact();
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        ConvShape s = spec.shape();
        int at = output;
        for (int y = 0; y < s.outHeight(); y++) {
            for (int x = 0; x < s.outWidth(); x++) {
                for (int o = 0; o < s.outChannels(); o++) {
                    memory.bytes()[at++] = spec.requantize().level(sum(memory.bytes(), inputs[0], o, y, x), o);
                }
            }
        }
    }

    private int sum(byte[] in, int start, int o, int y, int x) {
        ConvShape s = spec.shape();
        int sum = 0;
        int weights = 0;
        for (int k = 0; k < s.depth(); k += 2) {
            int pair = product(in, start, o, y, x, k) + (k + 1 < s.depth() ? product(in, start, o, y, x, k + 1) : 0);
            sum += Math.clamp(pair, Short.MIN_VALUE, Short.MAX_VALUE);
            weights += spec.weight()[s.weight(o, k)] + (k + 1 < s.depth() ? spec.weight()[s.weight(o, k + 1)] : 0);
        }
        return sum - spec.inputZeroPoint() * weights;
    }

    private int product(byte[] in, int start, int o, int y, int x, int k) {
        ConvShape s = spec.shape();
        int tap = k / s.inPerGroup();
        int channel = o / s.outPerGroup() * s.inPerGroup() + k % s.inPerGroup();
        int pixel = s.pixel(y, x, tap / s.kernelW(), tap % s.kernelW());
        int level = pixel < 0 ? spec.inputZeroPoint() : in[start + pixel * s.inChannels() + channel] & 0xff;
        return level * spec.weight()[s.weight(o, k)];
    }
}
