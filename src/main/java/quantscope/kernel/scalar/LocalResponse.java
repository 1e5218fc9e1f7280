package quantscope.kernel.scalar;

import java.util.Arrays;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/**
 * Local response normalization as PyTorch's: the window of channel c is c - size/2 .. c + (size-1)/2, and the sum of
 * squares is divided by size also where the window is cut off.
 */
final class LocalResponse implements Kernel {

    private final KernelSpec.LocalResponseNorm spec;

    LocalResponse(KernelSpec.LocalResponseNorm spec) {
        this.spec = spec;
    }

    @Override
    public Scratch scratch() {
        return new Scratch(2 * spec.channels() + spec.size(), 0, 0);
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        float[] scratch = memory.scratchFloats();
        int channels = spec.channels();
        // Squares stand between zeros, so that a window that is cut off adds nothing.
        int squares = channels + spec.size() / 2;
        Arrays.fill(scratch, channels, 2 * channels + spec.size(), 0f);
        for (int pixel = 0; pixel < spec.pixels(); pixel++) {
            int from = inputs[0] + pixel * channels;
            square(memory.floats(), from, scratch, squares);
            Arrays.fill(scratch, 0, channels, 0f);
            for (int i = 0; i < spec.size(); i++) {
                add(scratch, channels + i);
            }
            divide(memory.floats(), from, scratch, memory.floats(), output + pixel * channels);
        }
    }

    private void square(float[] data, int from, float[] scratch, int to) {
        for (int c = 0; c < spec.channels(); c++) {
            scratch[to + c] = data[from + c] * data[from + c];
        }
    }

    private void add(float[] scratch, int from) {
        for (int c = 0; c < spec.channels(); c++) {
            scratch[c] += scratch[from + c];
        }
    }

    private void divide(float[] data, int from, float[] squares, float[] out, int to) {
        int n = spec.channels();
        float size = spec.size();
        float alpha = spec.alpha();
        float k = spec.k();
        if (spec.beta() == 0.75f) {
            // AlexNet's exponent, many times faster than a power: b^0.75 = sqrt(b) * sqrt(sqrt(b)).
            for (int i = 0; i < n; i++) {
                float root = (float) Math.sqrt(k + alpha * (squares[i] / size));
                out[to + i] = data[from + i] / (root * (float) Math.sqrt(root));
            }
        } else {
            for (int i = 0; i < n; i++) {
                float base = k + alpha * (squares[i] / size);
                out[to + i] = data[from + i] / (float) Math.pow(base, spec.beta());
            }
        }
    }
}
