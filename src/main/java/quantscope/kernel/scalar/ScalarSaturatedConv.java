package quantscope.kernel.scalar;

import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;

/** The definition of an int8 convolution on vpmaddubsw: sums of two neighbouring products are clamped to 16 bits. */
final class ScalarSaturatedConv implements Kernel {

    private final KernelSpec.Int8Conv spec;
    private final int[] weightZeroPoint;

    ScalarSaturatedConv(KernelSpec.SaturatedInt8Conv spec) {
        this.spec = spec.exact();
        this.weightZeroPoint = spec.weightZeroPoint();
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

    /** Sum of x w, clamped pair by pair, - z_x sum of w - z_w sum of x + K z_x z_w. */
    private int sum(byte[] in, int start, int o, int y, int x) {
        ConvShape s = spec.shape();
        int sum = 0;
        int weights = 0;
        int levels = 0;
        for (int k = 0; k < s.depth(); k += 2) {
            int pair = 0;
            for (int p = k; p < Math.min(k + 2, s.depth()); p++) {
                int level = level(in, start, o, y, x, p);
                int weight = spec.weight()[s.weight(o, p)] + weightZeroPoint[o];
                pair += level * weight;
                levels += level;
                weights += weight;
            }
            sum += Math.clamp(pair, Short.MIN_VALUE, Short.MAX_VALUE);
        }
        return sum - spec.inputZeroPoint() * weights
                - weightZeroPoint[o] * (levels - s.depth() * spec.inputZeroPoint());
    }

    private int level(byte[] in, int start, int o, int y, int x, int k) {
        ConvShape s = spec.shape();
        int tap = k / s.inPerGroup();
        int channel = o / s.outPerGroup() * s.inPerGroup() + k % s.inPerGroup();
        int pixel = s.pixel(y, x, tap / s.kernelW(), tap % s.kernelW());
        return pixel < 0 ? spec.inputZeroPoint() : in[start + pixel * s.inChannels() + channel] & 0xff;
    }
}
