package quantscope.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/** fp32 convolution with one output pixel, a linear layer above all: dot products, four outputs at a time. */
final class DotConv implements Kernel {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    private final KernelSpec.Conv spec;
    private final float[] weights;
    private final Column column;

    DotConv(KernelSpec.Conv spec) {
        this.spec = spec;
        this.weights = spec.shape().taps() == 1 ? spec.weight() : Column.weights(spec.shape(), spec.weight());
        this.column = new Column(spec.shape());
    }

    @Override
    public String way() {
        return "Vector API";
    }

    @Override
    public Scratch scratch() {
        return new Scratch(spec.shape().depth() + 2 * S.length(), 0, 0);
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        ConvShape s = spec.shape();
        float[] w = weights;
        int depth = s.depth();
        for (int g = 0; g < s.groups(); g++) {
            column.gather(memory.floats(), inputs[0], g, memory.scratchFloats());
            Arrays.fill(memory.scratchFloats(), depth, depth + S.length(), 0f);
            int end = (g + 1) * s.outPerGroup();
            for (int o = g * s.outPerGroup(); o < end; o += 4) {
                // The last rows are computed with a repeated row instead of a second loop.
                int b = Math.min(o + 1, end - 1);
                int c = Math.min(o + 2, end - 1);
                int d = Math.min(o + 3, end - 1);
                dot4(w, o * depth, b * depth, c * depth, d * depth, memory.scratchFloats(), depth, memory.floats(),
                        output, o, b, c, d);
            }
        }
    }

    private void dot4(float[] w, int w0, int w1, int w2, int w3, float[] x, int n, float[] out, int output,
                      int o0, int o1, int o2, int o3) {
        // Loaded zeros: the compiler keeps sums in registers only if they do not begin as a constant.
        FloatVector s0 = FloatVector.fromArray(S, x, n);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int bound = S.loopBound(n);
        for (int k = 0; k < bound; k += S.length()) {
            FloatVector v = FloatVector.fromArray(S, x, k);
            s0 = FloatVector.fromArray(S, w, w0 + k).fma(v, s0);
            s1 = FloatVector.fromArray(S, w, w1 + k).fma(v, s1);
            s2 = FloatVector.fromArray(S, w, w2 + k).fma(v, s2);
            s3 = FloatVector.fromArray(S, w, w3 + k).fma(v, s3);
        }
        float[] bias = spec.bias();
        out[output + o3] = sum(s3, x, n + S.length()) + tail(w, w3, x, bound, n) + bias[o3];
        out[output + o2] = sum(s2, x, n + S.length()) + tail(w, w2, x, bound, n) + bias[o2];
        out[output + o1] = sum(s1, x, n + S.length()) + tail(w, w1, x, bound, n) + bias[o1];
        out[output + o0] = sum(s0, x, n + S.length()) + tail(w, w0, x, bound, n) + bias[o0];
    }

    /**
     * The sum of the lanes, halves added to halves. reduceLanes adds in an order of its own, another one once the code
     * is compiled, and the last bits would depend on that.
     */
    private static float sum(FloatVector lanes, float[] scratch, int at) {
        lanes.intoArray(scratch, at);
        for (int half = S.length() / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                scratch[at + i] += scratch[at + half + i];
            }
        }
        return scratch[at];
    }

    private static float tail(float[] w, int at, float[] x, int from, int n) {
        float sum = 0;
        for (int k = from; k < n; k++) {
            sum = Math.fma(w[at + k], x[k], sum);
        }
        return sum;
    }
}
