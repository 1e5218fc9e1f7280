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
        return new Scratch(padded + F.length(), 0, 0);
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        ConvShape s = spec.shape();
        float[] x = memory.scratchFloats();
        for (int g = 0; g < s.groups(); g++) {
            column.gather(memory.bytes(), inputs[0], g, spec.inputZeroPoint(), x);
            Arrays.fill(x, s.depth(), padded + F.length(), 0f);
            for (int o = g * s.outPerGroup(); o < (g + 1) * s.outPerGroup(); o++) {
                memory.bytes()[output + o] = spec.requantize().level(dot(o * padded, x), o);
            }
        }
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
