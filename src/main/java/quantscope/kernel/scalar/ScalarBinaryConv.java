package quantscope.kernel.scalar;

import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;

/** The definition of the binary convolution, sign by sign. */
final class ScalarBinaryConv implements Kernel {

    private final KernelSpec.BinaryConv spec;

    ScalarBinaryConv(KernelSpec.BinaryConv spec) {
        this.spec = spec;
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        ConvShape s = spec.shape();
        int at = output;
        for (int o = 0; o < s.outChannels(); o++) {
            for (int y = 0; y < s.outHeight(); y++) {
                for (int x = 0; x < s.outWidth(); x++) {
                    int sum = sum(memory, inputs[0], o, y, x);
                    memory.floats()[at++] = sum * spec.alpha()[o] + spec.bias()[o];
                }
            }
        }
    }

    private int sum(Memory memory, int start, int o, int y, int x) {
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
                        int sign = spec.source().sign(memory, plane + row * s.inWidth() + column);
                        sum += spec.weight()[w] < 0 ? -sign : sign;
                    }
                }
            }
        }
        return sum;
    }
}
