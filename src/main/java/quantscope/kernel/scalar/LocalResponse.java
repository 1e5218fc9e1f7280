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
        return new Scratch(spec.inner(), 0, 0);
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        float[] data = memory.floats();
        float[] squares = memory.scratchFloats();
        int n = spec.inner();
        for (int c = 0; c < spec.channels(); c++) {
            Arrays.fill(squares, 0, n, 0f);
            int low = Math.max(0, c - spec.size() / 2);
            int high = Math.min(spec.channels() - 1, c + (spec.size() - 1) / 2);
            for (int other = low; other <= high; other++) {
                int from = inputs[0] + other * n;
                for (int i = 0; i < n; i++) {
                    squares[i] += data[from + i] * data[from + i];
                }
            }
            divide(data, inputs[0] + c * n, squares, data, output + c * n);
        }
    }

    private void divide(float[] data, int from, float[] squares, float[] out, int to) {
        int n = spec.inner();
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
