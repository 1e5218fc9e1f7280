package quantscope.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import quantscope.kernel.Int8Arithmetic;
import quantscope.kernel.Requantize;

/** {@link Requantize} for neighbouring accumulators of one output channel; lane by lane the same roundings. */
final class RequantizeRow {

    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;

    private RequantizeRow() { }

    /**
     * @param n  a multiple of the vector's lanes
     * @param to where the levels go, as ints 0..255
     */
    static void run(Requantize r, int o, int[] sums, int from, int n, int[] levels, int to) {
        float bias = r.bias()[o];
        float multiplier = r.multiplier()[o];
        int z = r.zeroPoint();
        float low = r.low() - z;
        float high = 255 - z;
        for (int i = 0; i < n; i += F.length()) {
            FloatVector sum = (FloatVector) IntVector.fromArray(I, sums, from + i)
                    .convertShape(VectorOperators.I2F, F, 0);
            FloatVector rounded = sum.add(bias).mul(multiplier).max(low).min(high)
                    .add(Int8Arithmetic.ROUNDER).sub(Int8Arithmetic.ROUNDER);
            IntVector level = (IntVector) rounded.convertShape(VectorOperators.F2I, I, 0);
            level.add(z).intoArray(levels, to + i);
        }
    }
}
