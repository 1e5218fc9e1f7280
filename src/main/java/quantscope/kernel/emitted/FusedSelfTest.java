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
record FusedSelfTest(Kernels kernels, ConvShape shape) {

    /** Channels fill whole ints, so that outputs can be bits; those of the linear layer several blocks of a tile. */
    private static final List<ConvShape> SHAPES = List.of(
            new ConvShape(64, 5, 11, 96, 5, 11, 3, 3, 1, 1, 1, 1, 1, 1, 1), ConvShape.linear(64, 288));

    /** What is the first to differ. A road without such kernels has nothing that could. */
    static Optional<String> firstDifference(Kernels kernels) {
        return SHAPES.stream().map(shape -> new FusedSelfTest(kernels, shape).difference()).flatMap(Optional::stream)
                .findFirst();
    }

    private int inputs() {
        return shape.inChannels() * shape.inPlane();
    }

    private int outputs() {
        return shape.outChannels() * shape.outPlane();
    }

    private Optional<String> difference() {
        Random random = new Random(3);
        float[] factor = SelfTest.floats(shape.outChannels(), random);
        for (int o = 0; o < factor.length; o++) {
            // With a factor of 0 there would be no sign to tell.
            factor[o] = factor[o] == 0 ? 1 : factor[o];
        }
        KernelSpec norm = new KernelSpec.BatchNorm(shape.outPlane(), shape.outChannels(), 1, factor,
                SelfTest.floats(shape.outChannels(), random));
        KernelSpec relu = new KernelSpec.Unary(outputs(), UnaryFunction.RELU, 0, 0);
        KernelSpec.BinaryConv binary = SelfTest.binary(shape, random);
        float[] in = SelfTest.floats(inputs(), random);
        List<KernelSpec> after = List.of(norm, relu);
        return floats(SelfTest.float32(shape, random), after, in, SelfTest.TOLERANCE)
                .or(() -> floats(binary, after, in, 0))
                .or(() -> bits(binary, norm, in));
    }

    private Optional<String> floats(KernelSpec layer, List<KernelSpec> after, float[] in, float bound) {
        return fuse(layer, new Fused.Output.Floats(after)).filter(kernel -> {
            float[] expected = reference(layer, after, in);
            float[] actual = run(kernel, in).floats();
            boolean same = true;
            for (int i = 0; i < outputs(); i++) {
                same &= Math.abs(expected[i] - actual[inputs() + i]) <= bound;
            }
            return !same;
        }).map(kernel -> name(layer, kernel));
    }

    private Optional<String> bits(KernelSpec.BinaryConv layer, KernelSpec norm, float[] in) {
        return MonotoneChain.of(List.of(norm), shape.outChannels()).flatMap(chain -> SumSigns.of(layer, chain, 1))
                .flatMap(signs -> fuse(layer, new Fused.Output.Bits(signs))).filter(kernel -> {
                    float[] expected = reference(layer, List.of(norm), in);
                    byte[] actual = run(kernel, in).bytes();
                    boolean same = true;
                    for (int i = 0; i < outputs(); i++) {
                        same &= expected[i] < 0 == ((actual[inputs() + i / 8] >> i % 8 & 1) == 1);
                    }
                    return !same;
                }).map(kernel -> name(layer, kernel) + " to bits");
    }

    private Optional<Kernel> fuse(KernelSpec layer, Fused.Output output) {
        return kernels.fuse(kernels.pack(layer), new Fused(new Fused.Input.AsSpecified(), output));
    }

    private String name(KernelSpec layer, Kernel kernel) {
        return kernel.way() + ", fused " + layer.getClass().getSimpleName() + " " + shape;
    }

    private float[] reference(KernelSpec layer, List<KernelSpec> after, float[] in) {
        Kernels plain = new ScalarKernels();
        float[] values = outputs(run(plain.pack(layer), in));
        for (KernelSpec spec : after) {
            Kernel kernel = plain.pack(spec);
            Memory memory = Memory.of(2 * outputs(), 0, kernel.scratch());
            System.arraycopy(values, 0, memory.floats(), 0, outputs());
            kernel.run(memory, new int[] {0}, outputs());
            System.arraycopy(memory.floats(), outputs(), values, 0, outputs());
        }
        return values;
    }

    private float[] outputs(Memory memory) {
        float[] values = new float[outputs()];
        System.arraycopy(memory.floats(), inputs(), values, 0, outputs());
        return values;
    }

    private Memory run(Kernel kernel, float[] in) {
        Memory memory = Memory.of(inputs() + outputs(), inputs() + outputs(), kernel.scratch());
        System.arraycopy(in, 0, memory.floats(), 0, inputs());
        kernel.run(memory, new int[] {0}, inputs());
        return memory;
    }
}
