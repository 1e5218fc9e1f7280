package quantscope.kernel.scalar;

import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;

/**
 * Transposed convolution, output pixel by output pixel: what would read the pixel in the convolution writes to it here. Sums
 * are made from the bias on, in float32.
 */
final class TransposedConvolution implements Kernel {

    private final ConvShape shape;
    private final float[] bias;
    /** [KH,KW,I,O/groups]: the outputs of a tap side by side. */
    private final float[] weight;

    TransposedConvolution(KernelSpec.TransposedConv spec) {
        shape = spec.shape();
        bias = spec.bias();
        int taps = shape.kernelH() * shape.kernelW();
        int outputs = shape.inPerGroup();
        weight = new float[spec.weight().length];
        for (int i = 0; i < shape.outChannels(); i++) {
            for (int o = 0; o < outputs; o++) {
                for (int tap = 0; tap < taps; tap++) {
                    weight[(tap * shape.outChannels() + i) * outputs + o] = spec.weight()[(i * outputs + o) * taps + tap];
                }
            }
        }
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        for (int y = 0; y < shape.inHeight(); y++) {
            for (int x = 0; x < shape.inWidth(); x++) {
                pixel(memory.floats(), inputs[0], output + (y * shape.inWidth() + x) * shape.inChannels(), y, x);
            }
        }
    }

    private void pixel(float[] data, int input, int to, int y, int x) {
        System.arraycopy(bias, 0, data, to, bias.length);
        for (int r = 0; r < shape.kernelH(); r++) {
            int row = position(y + shape.padTop() - r * shape.dilationH(), shape.strideH(), shape.outHeight());
            for (int s = 0; s < shape.kernelW(); s++) {
                int column = position(x + shape.padLeft() - s * shape.dilationW(), shape.strideW(), shape.outWidth());
                if (row >= 0 && column >= 0) {
                    int from = input + (row * shape.outWidth() + column) * shape.outChannels();
                    tap(data, from, to, (r * shape.kernelW() + s) * shape.outChannels());
                }
            }
        }
    }

    /** Which element meets the pixel by this tap; negative for none. */
    private static int position(int at, int stride, int extent) {
        return at < 0 || at % stride != 0 || at / stride >= extent ? -1 : at / stride;
    }

    private void tap(float[] data, int from, int to, int first) {
        int outputs = shape.inPerGroup();
        for (int i = 0; i < shape.outChannels(); i++) {
            float x = data[from + i];
            int group = to + i / shape.outPerGroup() * outputs;
            int w = (first + i) * outputs;
            for (int o = 0; o < outputs; o++) {
                data[group + o] += x * weight[w + o];
            }
        }
    }
}
