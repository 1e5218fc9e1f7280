package quantscope.kernel.vector;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Int8Arithmetic;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Requantize;
import quantscope.kernel.Scratch;

/** Int8 convolution of each channel by itself, through fp32: a float holds every integer up to 2^24. */
final class Int8DepthwiseConv implements Kernel {

    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    /** As many bytes as there are floats in a vector; the smallest shape there is has 8. */
    private static final int FEWEST_LANES = 8;
    private static final VectorSpecies<Byte> B = VectorSpecies.of(byte.class,
            VectorShape.forBitSize(8 * Math.max(FEWEST_LANES, F.length())));
    private static final int MOST_TAPS = (1 << 24) / (255 * 255);

    private final ConvShape shape;
    private final int zeroPoint;
    private final Requantize requantize;
    private final DepthwiseRows rows;

    /** @param spec that {@link #takes} */
    Int8DepthwiseConv(KernelSpec.Int8Conv spec) {
        shape = spec.shape();
        zeroPoint = spec.inputZeroPoint();
        requantize = spec.requantize();
        float[] weight = new float[spec.weight().length];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = spec.weight()[i];
        }
        rows = new DepthwiseRows(shape, weight, new float[shape.outChannels()]);
    }

    static boolean takes(KernelSpec.Int8Conv spec) {
        return F.length() >= FEWEST_LANES && DepthwiseRows.takes(spec.shape()) && spec.shape().taps() <= MOST_TAPS;
    }

    @Override
    public String way() {
        return "Vector API, by channel";
    }

    /** The image around zero, so that padding is 0, and a row of sums. */
    @Override
    public Scratch scratch() {
        return new Scratch(Math.addExact(shape.inChannels() * shape.inPlane(), shape.outChannels() * shape.outWidth()),
                0, 0);
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        float[] scratch = memory.scratchFloats();
        int image = shape.inChannels() * shape.inPlane();
        centre(memory.bytes(), inputs[0], scratch, image);
        int row = shape.outWidth() * shape.outChannels();
        for (int y = 0; y < shape.outHeight(); y++) {
            rows.run(scratch, 0, y, scratch, image);
            for (int x = 0; x < row; x += shape.outChannels()) {
                requantize(scratch, image + x, memory.bytes(), output + y * row + x);
            }
        }
    }

    /** Whole vectors, the last of which overlaps: the image has at least one. */
    private void centre(byte[] levels, int from, float[] to, int n) {
        for (int next = 0; next < n; next += F.length()) {
            int i = Math.min(next, n - F.length());
            ((IntVector) ByteVector.fromArray(B, levels, from + i)
                    .convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0)).sub(zeroPoint)
                    .convertShape(VectorOperators.I2F, F, 0).reinterpretAsFloats().intoArray(to, i);
        }
    }

    /** {@link Requantize} of a pixel's sums. */
    private void requantize(float[] sums, int from, byte[] levels, int to) {
        int zero = requantize.zeroPoint();
        for (int next = 0; next < shape.outChannels(); next += F.length()) {
            int c = Math.min(next, shape.outChannels() - F.length());
            FloatVector sum = (FloatVector) ((IntVector) FloatVector.fromArray(F, sums, from + c)
                    .convertShape(VectorOperators.F2I, I, 0)).add(IntVector.fromArray(I, requantize.offset(), c))
                    .convertShape(VectorOperators.I2F, F, 0);
            FloatVector scaled = sum.add(FloatVector.fromArray(F, requantize.bias(), c))
                    .mul(FloatVector.fromArray(F, requantize.multiplier(), c));
            FloatVector rounded = scaled.blend((float) (requantize.low() - zero), scaled.test(VectorOperators.IS_NAN))
                    .max((float) (requantize.low() - zero)).min((float) (255 - zero))
                    .add(Int8Arithmetic.ROUNDER).sub(Int8Arithmetic.ROUNDER);
            ((ByteVector) ((IntVector) rounded.convertShape(VectorOperators.F2I, I, 0)).add(zero)
                    .convertShape(VectorOperators.I2B, B, 0)).intoArray(levels, to + c);
        }
    }
}
