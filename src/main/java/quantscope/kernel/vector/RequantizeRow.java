package quantscope.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Int8Arithmetic;
import quantscope.kernel.Requantize;

/** {@link Requantize} for neighbouring output channels; lane by lane the same roundings. */
final class RequantizeRow {

    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;

    private final int[] offset;
    private final float[] bias;
    private final float[] multiplier;
    private final int zeroPoint;
    private final int low;

    /** @param padded channels of each group, those beyond the last being 0 */
    RequantizeRow(Requantize r, ConvShape shape, int padded) {
        offset = new int[shape.groups() * padded];
        bias = new float[shape.groups() * padded];
        multiplier = new float[bias.length];
        for (int o = 0; o < shape.outChannels(); o++) {
            int at = o / shape.outPerGroup() * padded + o % shape.outPerGroup();
            offset[at] = r.offset()[o];
            bias[at] = r.bias()[o];
            multiplier[at] = r.multiplier()[o];
        }
        zeroPoint = r.zeroPoint();
        low = r.low();
    }

    /**
     * @param channel of the padded ones
     * @param n       a multiple of the vector's lanes
     * @param to      where the levels go, as ints 0..255
     */
    void run(int channel, int[] sums, int from, int n, int to) {
        for (int i = 0; i < n; i += F.length()) {
            FloatVector sum = (FloatVector) IntVector.fromArray(I, sums, from + i)
                    .add(IntVector.fromArray(I, offset, channel + i))
                    .convertShape(VectorOperators.I2F, F, 0);
            FloatVector scaled = sum.add(FloatVector.fromArray(F, bias, channel + i))
                    .mul(FloatVector.fromArray(F, multiplier, channel + i));
            FloatVector rounded = scaled.blend((float) (low - zeroPoint), scaled.test(VectorOperators.IS_NAN))
                    .max((float) (low - zeroPoint)).min((float) (255 - zeroPoint))
                    .add(Int8Arithmetic.ROUNDER).sub(Int8Arithmetic.ROUNDER);
            ((IntVector) rounded.convertShape(VectorOperators.F2I, I, 0)).add(zeroPoint).intoArray(sums, to + i);
        }
    }
}
