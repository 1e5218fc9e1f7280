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
        for (int o = 0; o < s.outChannels(); o++) {
            for (int y = 0; y < s.outHeight(); y++) {
                for (int x = 0; x < s.outWidth(); x++) {
                    int sum = sum(memory.bytes(), inputs[0], o, y, x);
                    memory.bytes()[at++] = spec.requantize().level(sum, o);
                }
            }
        }
    }

    private int sum(byte[] in, int start, int o, int y, int x) {
        ConvShape s = spec.shape();
        int sum = 0;
        int w = ConvLoops.weights(s, o);
        int plane = start + ConvLoops.channels(s, o);
        for (int c = 0; c < s.inPerGroup(); c++, plane += s.inPlane()) {
            for (int i = 0; i < s.kernelH(); i++) {
                int row = ConvLoops.position(y, s.strideH(), i, s.dilationH(), s.padTop());
                for (int j = 0; j < s.kernelW(); j++, w++) {
                    int column = ConvLoops.position(x, s.strideW(), j, s.dilationW(), s.padLeft());
                    if (row >= 0 && row < s.inHeight() && column >= 0 && column < s.inWidth()) {
                        int level = in[plane + row * s.inWidth() + column] & 0xff;
                        sum += (level - spec.inputZeroPoint()) * spec.weight()[w];
                    }
                }
            }
        }
        return sum;
    }
}
