package quantscope.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/**
 * Int8 convolution with one output pixel, a linear layer above all. Exact: a lane sums up at most 512 products of at
 * most 255 * 128 in fp32 before it moves to int32.
 */
final class Int8DotConv implements Kernel {

    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    /** As many bytes as a vector has floats; where there is no vector that short, nothing is packed here. */
    private static final VectorSpecies<Byte> B =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, 8 * F.length())));
    private static final int EXACT = 512;
    /** Images whose inputs are kept as floats at a time: those of a layer of 9216 inputs stay in the second-level cache. */
    private static final int ROWS = 16;

    private final KernelSpec.Int8Conv spec;
    private final byte[] weights;
    private final int padded;
    private final Column column;

    Int8DotConv(KernelSpec.Int8Conv spec) {
        this.spec = spec;
        this.column = new Column(spec.shape());
        int depth = spec.shape().depth();
        padded = (depth + F.length() - 1) / F.length() * F.length();
        weights = new byte[Math.multiplyExact(spec.shape().outChannels(), padded)];
        for (int o = 0; o < spec.shape().outChannels(); o++) {
            for (int k = 0; k < depth; k++) {
                weights[o * padded + k] = (byte) spec.weight()[spec.shape().weight(o, k)];
            }
        }
    }

    /** Whether weights fit a byte and there is a vector of as many bytes as a vector has floats. */
    static boolean takes(KernelSpec.Int8Conv spec) {
        boolean fits = F.length() >= 8;
        for (short w : spec.weight()) {
            fits &= w == (byte) w;
        }
        return fits;
    }

    @Override
    public String way() {
        return "Vector API";
    }

    @Override
    public Scratch scratch() {
        return new Scratch(Math.addExact(Math.multiplyExact(ROWS, padded), F.length()), 0, 0);
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        ConvShape s = spec.shape();
        float[] x = memory.scratchFloats();
        for (int g = 0; g < s.groups(); g++) {
            column.gather(memory.bytes(), inputs[0], g, spec.inputZeroPoint(), x, 0);
            Arrays.fill(x, s.depth(), padded + F.length(), 0f);
            for (int o = g * s.outPerGroup(); o < (g + 1) * s.outPerGroup(); o++) {
                memory.bytes()[output + o] = spec.requantize().level(dot(o * padded, x), o);
            }
        }
    }

    /** Each four outputs' weights are turned into floats for two images at a time. */
    @Override
    public boolean gainsFromRows() {
        return true;
    }

    @Override
    public void runRows(Memory memory, int input, int output, int rows, int inStride, int outStride) {
        ConvShape s = spec.shape();
        for (int first = 0; first < rows; first += ROWS) {
            int n = Math.min(ROWS, rows - first);
            for (int g = 0; g < s.groups(); g++) {
                float[] x = memory.scratchFloats();
                for (int row = 0; row < n; row++) {
                    int at = row * padded;
                    column.gather(memory.bytes(), input + (first + row) * inStride, g, spec.inputZeroPoint(), x, at);
                    Arrays.fill(x, at + s.depth(), at + padded, 0f);
                }
                Arrays.fill(x, ROWS * padded, ROWS * padded + F.length(), 0f);
                int from = g * s.outPerGroup();
                int to = output + first * outStride;
                memory.team().split((s.outPerGroup() + 3) / 4, (begin, end) -> {
                    int[] sums = new int[8];
                    for (int four = begin; four < end; four++) {
                        four(from + 4 * four, from + s.outPerGroup(), n, x, sums, memory.bytes(), to, outStride);
                    }
                });
            }
        }
    }

    /** Four outputs of all images; what is left over is computed with a repeated output or image. */
    private void four(int o, int end, int rows, float[] x, int[] sums, byte[] out, int output, int outStride) {
        for (int row = 0; row < rows; row += 2) {
            int other = Math.min(row + 1, rows - 1);
            Arrays.fill(sums, 0);
            for (int k = 0; k < padded; k += EXACT * F.length()) {
                dot4x2(o, end - 1, k, Math.min(padded, k + EXACT * F.length()), x, row * padded, other * padded, sums);
            }
            for (int i = 0; i < 4 && o + i < end; i++) {
                out[output + row * outStride + o + i] = spec.requantize().level(sums[i], o + i);
                out[output + other * outStride + o + i] = spec.requantize().level(sums[4 + i], o + i);
            }
        }
    }

    private void dot4x2(int o, int last, int from, int end, float[] x, int x0, int x1, int[] sums) {
        int w0 = o * padded;
        int w1 = Math.min(o + 1, last) * padded;
        int w2 = Math.min(o + 2, last) * padded;
        int w3 = Math.min(o + 3, last) * padded;
        FloatVector a0 = FloatVector.fromArray(F, x, ROWS * padded);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        for (int k = from; k < end; k += F.length()) {
            FloatVector v0 = FloatVector.fromArray(F, x, x0 + k);
            FloatVector v1 = FloatVector.fromArray(F, x, x1 + k);
            FloatVector y = weights(w0 + k);
            a0 = y.fma(v0, a0);
            b0 = y.fma(v1, b0);
            y = weights(w1 + k);
            a1 = y.fma(v0, a1);
            b1 = y.fma(v1, b1);
            y = weights(w2 + k);
            a2 = y.fma(v0, a2);
            b2 = y.fma(v1, b2);
            y = weights(w3 + k);
            a3 = y.fma(v0, a3);
            b3 = y.fma(v1, b3);
        }
        sums[0] += sum(a0);
        sums[1] += sum(a1);
        sums[2] += sum(a2);
        sums[3] += sum(a3);
        sums[4] += sum(b0);
        sums[5] += sum(b1);
        sums[6] += sum(b2);
        sums[7] += sum(b3);
    }

    private static int sum(FloatVector lanes) {
        return lanes.convertShape(VectorOperators.F2I, I, 0).reinterpretAsInts().reduceLanes(VectorOperators.ADD);
    }

    private int dot(int w, float[] x) {
        int lanes = F.length();
        IntVector sum = IntVector.zero(I);
        for (int start = 0; start < padded; start += 2 * EXACT * lanes) {
            int end = Math.min(padded, start + 2 * EXACT * lanes);
            // Loaded zeros: the compiler keeps sums in registers only if they do not begin as a constant.
            FloatVector even = FloatVector.fromArray(F, x, padded);
            FloatVector odd = FloatVector.fromArray(F, x, padded);
            int k = start;
            for (; k + 2 * lanes <= end; k += 2 * lanes) {
                even = weights(w + k).fma(FloatVector.fromArray(F, x, k), even);
                odd = weights(w + k + lanes).fma(FloatVector.fromArray(F, x, k + lanes), odd);
            }
            if (k < end) {
                even = weights(w + k).fma(FloatVector.fromArray(F, x, k), even);
            }
            sum = sum.add(even.convertShape(VectorOperators.F2I, I, 0))
                    .add(odd.convertShape(VectorOperators.F2I, I, 0));
        }
        return sum.reduceLanes(VectorOperators.ADD);
    }

    private FloatVector weights(int at) {
        return (FloatVector) ByteVector.fromArray(B, weights, at).convertShape(VectorOperators.B2I, I, 0)
                .convertShape(VectorOperators.I2F, F, 0);
    }
}
