package quantscope.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import quantscope.kernel.Int8Arithmetic;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/** rint(fma(x, 1/s, z)) in vectors; a NaN becomes 0, as in the scalar tail. */
final class QuantizeKernel implements Kernel {

    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;

    /** Elements that go through scratch memory at a time; a multiple of any vector's lanes. */
    private static final int CHUNK = 512;

    private final KernelSpec.Quantize spec;

    QuantizeKernel(KernelSpec.Quantize spec) {
        this.spec = spec;
    }

    @Override
    public String way() {
        return "Vector API";
    }

    @Override
    public Scratch scratch() {
        return new Scratch(0, CHUNK, 0);
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        int[] levels = memory.scratchInts();
        byte[] out = memory.bytes();
        int vectors = F.loopBound(spec.n());
        for (int start = 0; start < vectors; start += CHUNK) {
            int n = Math.min(CHUNK, vectors - start);
            quantize(memory.floats(), inputs[0] + start, n, levels);
            for (int i = 0; i < n; i++) {
                out[output + start + i] = (byte) levels[i];
            }
        }
        for (int i = vectors; i < spec.n(); i++) {
            out[output + i] = Int8Arithmetic.quantize(memory.floats()[inputs[0] + i], spec.inverseScale(),
                    spec.zeroPoint());
        }
    }

    private void quantize(float[] in, int from, int n, int[] levels) {
        FloatVector inverse = FloatVector.broadcast(F, spec.inverseScale());
        FloatVector zero = FloatVector.broadcast(F, (float) spec.zeroPoint());
        for (int i = 0; i < n; i += F.length()) {
            FloatVector real = FloatVector.fromArray(F, in, from + i).fma(inverse, zero);
            FloatVector rounded = real.max(0f).min(255f).add(Int8Arithmetic.ROUNDER).sub(Int8Arithmetic.ROUNDER);
            ((IntVector) rounded.convertShape(VectorOperators.F2I, I, 0)).intoArray(levels, i);
        }
    }
}
