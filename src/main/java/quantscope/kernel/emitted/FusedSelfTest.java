package quantscope.kernel.emitted;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Fused;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.Memory;
import quantscope.kernel.MonotoneChain;
import quantscope.kernel.SumSigns;
import quantscope.kernel.UnaryFunction;
import quantscope.kernel.scalar.ScalarKernels;

/** Compares layers that are fused with what stands behind them with one scalar kernel after the other. */
record FusedSelfTest(Kernels kernels) {

    /** Channels fill whole ints, so that outputs can be bits. */
    private static final ConvShape SHAPE = new ConvShape(64, 5, 11, 96, 5, 11, 3, 3, 1, 1, 1, 1, 1, 1, 1);
    private static final int INPUTS = SHAPE.inChannels() * SHAPE.inPlane();
    private static final int OUTPUTS = SHAPE.outChannels() * SHAPE.outPlane();

    /** What is the first to differ. A road without such kernels has nothing that could. */
    Optional<String> firstDifference() {
        Random random = new Random(3);
        float[] factor = SelfTest.floats(SHAPE.outChannels(), random);
        for (int o = 0; o < factor.length; o++) {
            // With a factor of 0 there would be no sign to tell.
            factor[o] = factor[o] == 0 ? 1 : factor[o];
        }
        KernelSpec norm = new KernelSpec.BatchNorm(SHAPE.outPlane(), SHAPE.outChannels(), 1, factor,
                SelfTest.floats(SHAPE.outChannels(), random));
        KernelSpec relu = new KernelSpec.Unary(OUTPUTS, UnaryFunction.RELU, 0, 0);
        KernelSpec.BinaryConv binary = SelfTest.binary(SHAPE, random);
        float[] in = SelfTest.floats(INPUTS, random);
        List<KernelSpec> after = List.of(norm, relu);
        return floats(SelfTest.float32(SHAPE, random), after, in, SelfTest.TOLERANCE)
                .or(() -> floats(binary, after, in, 0))
                .or(() -> bits(binary, norm, in));
    }

    private Optional<String> floats(KernelSpec layer, List<KernelSpec> after, float[] in, float bound) {
        return fuse(layer, new Fused.Output.Floats(after)).filter(kernel -> {
            float[] expected = reference(layer, after, in);
            float[] actual = run(kernel, in).floats();
            boolean same = true;
            for (int i = 0; i < OUTPUTS; i++) {
                same &= Math.abs(expected[i] - actual[INPUTS + i]) <= bound;
            }
            return !same;
        }).map(kernel -> name(layer, kernel));
    }

    private Optional<String> bits(KernelSpec.BinaryConv layer, KernelSpec norm, float[] in) {
        return MonotoneChain.of(List.of(norm), SHAPE.outChannels()).flatMap(chain -> SumSigns.of(layer, chain, 1))
                .flatMap(signs -> fuse(layer, new Fused.Output.Bits(signs))).filter(kernel -> {
                    float[] expected = reference(layer, List.of(norm), in);
                    byte[] actual = run(kernel, in).bytes();
                    boolean same = true;
                    for (int i = 0; i < OUTPUTS; i++) {
                        same &= expected[i] < 0 == ((actual[INPUTS + i / 8] >> i % 8 & 1) == 1);
                    }
                    return !same;
                }).map(kernel -> name(layer, kernel) + " to bits");
    }

    private Optional<Kernel> fuse(KernelSpec layer, Fused.Output output) {
        return kernels.fuse(kernels.pack(layer), new Fused(new Fused.Input.AsSpecified(), output));
    }

    private static String name(KernelSpec layer, Kernel kernel) {
        return kernel.way() + ", fused " + layer.getClass().getSimpleName() + " " + SHAPE;
    }

    private static float[] reference(KernelSpec layer, List<KernelSpec> after, float[] in) {
        Kernels plain = new ScalarKernels();
        float[] values = outputs(run(plain.pack(layer), in));
        for (KernelSpec spec : after) {
            Kernel kernel = plain.pack(spec);
            Memory memory = Memory.of(2 * OUTPUTS, 0, kernel.scratch());
            System.arraycopy(values, 0, memory.floats(), 0, OUTPUTS);
            kernel.run(memory, new int[] {0}, OUTPUTS);
            System.arraycopy(memory.floats(), OUTPUTS, values, 0, OUTPUTS);
        }
        return values;
    }

    private static float[] outputs(Memory memory) {
        float[] values = new float[OUTPUTS];
        System.arraycopy(memory.floats(), INPUTS, values, 0, OUTPUTS);
        return values;
    }

    private static Memory run(Kernel kernel, float[] in) {
        Memory memory = Memory.of(INPUTS + OUTPUTS, INPUTS + OUTPUTS, kernel.scratch());
        System.arraycopy(in, 0, memory.floats(), 0, INPUTS);
        kernel.run(memory, new int[] {0}, INPUTS);
        return memory;
    }
}
