package quantscope.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/**
 * fp32 convolution with one output pixel, a linear layer above all: dot products, four outputs at a time, of several
 * images where there are some.
 */
final class DotConv implements Kernel {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    /** Outputs that a member of a team computes at a time. */
    private static final int BLOCK = 64;

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

    /** Where inputs lie as they are multiplied: each four outputs' weights are read once for all of them. */
    @Override
    public boolean gainsFromRows() {
        return spec.shape().taps() == 1 && spec.shape().inPlane() == 1;
    }

    @Override
    public void runRows(Memory memory, int input, int output, int rows, int inStride, int outStride) {
        if (!gainsFromRows()) {
            Kernel.super.runRows(memory, input, output, rows, inStride, outStride);
            return;
        }
        ConvShape s = spec.shape();
        memory.each((s.outChannels() + BLOCK - 1) / BLOCK, (own, block) -> {
            Arrays.fill(own.scratchFloats(), 0, S.length(), 0f);
            int last = Math.min(s.outChannels(), (block + 1) * BLOCK);
            for (int o = block * BLOCK; o < last; o = Math.min(o + 4, groupEnd(o))) {
                int end = Math.min(last, groupEnd(o));
                int in = input + o / s.outPerGroup() * s.inPerGroup();
                for (int row = 0; row < rows; row += 2) {
                    // What is left over is computed with a repeated row, as are the last outputs.
                    int other = Math.min(row + 1, rows - 1);
                    dot4x2(own, o, end, in + row * inStride, in + other * inStride, output + row * outStride,
                            output + other * outStride);
                }
            }
        });
    }

    private int groupEnd(int o) {
        int n = spec.shape().outPerGroup();
        return o / n * n + n;
    }

    private void dot4x2(Memory memory, int o0, int end, int x0, int x1, int out0, int out1) {
        float[] w = weights;
        float[] x = memory.floats();
        float[] scratch = memory.scratchFloats();
        int n = spec.shape().depth();
        int o1 = Math.min(o0 + 1, end - 1);
        int o2 = Math.min(o0 + 2, end - 1);
        int o3 = Math.min(o0 + 3, end - 1);
        int w0 = o0 * n;
        int w1 = o1 * n;
        int w2 = o2 * n;
        int w3 = o3 * n;
        FloatVector a0 = FloatVector.fromArray(S, scratch, 0);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        int bound = S.loopBound(n);
        for (int k = 0; k < bound; k += S.length()) {
            FloatVector v0 = FloatVector.fromArray(S, x, x0 + k);
            FloatVector v1 = FloatVector.fromArray(S, x, x1 + k);
            FloatVector y = FloatVector.fromArray(S, w, w0 + k);
            a0 = y.fma(v0, a0);
            b0 = y.fma(v1, b0);
            y = FloatVector.fromArray(S, w, w1 + k);
            a1 = y.fma(v0, a1);
            b1 = y.fma(v1, b1);
            y = FloatVector.fromArray(S, w, w2 + k);
            a2 = y.fma(v0, a2);
            b2 = y.fma(v1, b2);
            y = FloatVector.fromArray(S, w, w3 + k);
            a3 = y.fma(v0, a3);
            b3 = y.fma(v1, b3);
        }
        int at = S.length();
        float[] bias = spec.bias();
        x[out0 + o3] = sum(a3, scratch, at) + tail(w, w3 + bound, x, x0 + bound, n - bound) + bias[o3];
        x[out0 + o2] = sum(a2, scratch, at) + tail(w, w2 + bound, x, x0 + bound, n - bound) + bias[o2];
        x[out0 + o1] = sum(a1, scratch, at) + tail(w, w1 + bound, x, x0 + bound, n - bound) + bias[o1];
        x[out0 + o0] = sum(a0, scratch, at) + tail(w, w0 + bound, x, x0 + bound, n - bound) + bias[o0];
        x[out1 + o3] = sum(b3, scratch, at) + tail(w, w3 + bound, x, x1 + bound, n - bound) + bias[o3];
        x[out1 + o2] = sum(b2, scratch, at) + tail(w, w2 + bound, x, x1 + bound, n - bound) + bias[o2];
        x[out1 + o1] = sum(b1, scratch, at) + tail(w, w1 + bound, x, x1 + bound, n - bound) + bias[o1];
        x[out1 + o0] = sum(b0, scratch, at) + tail(w, w0 + bound, x, x1 + bound, n - bound) + bias[o0];
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
        out[output + o3] = sum(s3, x, n + S.length()) + tail(w, w3 + bound, x, bound, n - bound) + bias[o3];
        out[output + o2] = sum(s2, x, n + S.length()) + tail(w, w2 + bound, x, bound, n - bound) + bias[o2];
        out[output + o1] = sum(s1, x, n + S.length()) + tail(w, w1 + bound, x, bound, n - bound) + bias[o1];
        out[output + o0] = sum(s0, x, n + S.length()) + tail(w, w0 + bound, x, bound, n - bound) + bias[o0];
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
        for (int k = 0; k < n; k++) {
            sum = Math.fma(w[at + k], x[from + k], sum);
        }
        return sum;
    }
}
