package quantscope.kernel.emitted;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.Memory;
import quantscope.kernel.Requantize;
import quantscope.kernel.scalar.ScalarKernels;

/** Compares small layers with the scalar reference before the emitted road is taken. Takes some milliseconds. */
record SelfTest(Kernels kernels) {

    private static final List<ConvShape> SHAPES = List.of(
            new ConvShape(3, 9, 17, 21, 5, 9, 3, 3, 2, 2, 1, 1, 1, 1, 1),
            new ConvShape(16, 5, 6, 40, 5, 6, 3, 3, 1, 1, 1, 1, 1, 1, 2),
            new ConvShape(5, 7, 20, 16, 5, 16, 3, 3, 1, 1, 1, 0, 2, 2, 1),
            ConvShape.linear(37, 150));

    /** The first shape whose result differs in any level. */
    Optional<ConvShape> firstDifference() {
        Random random = new Random(1);
        return SHAPES.stream().filter(shape -> differs(shape, random)).findFirst();
    }

    private boolean differs(ConvShape shape, Random random) {
        short[] weight = new short[shape.outChannels() * shape.depth()];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (short) (random.nextInt(256) - 128);
        }
        float[] bias = new float[shape.outChannels()];
        float[] multiplier = new float[shape.outChannels()];
        for (int o = 0; o < bias.length; o++) {
            bias[o] = (float) (1000 * random.nextGaussian());
            multiplier[o] = (float) (random.nextDouble() / 50 / Math.sqrt(shape.depth()));
        }
        KernelSpec.Int8Conv spec = new KernelSpec.Int8Conv(shape, random.nextInt(256), weight,
                new Requantize(bias, multiplier, random.nextInt(256), 0));
        byte[] image = new byte[shape.inChannels() * shape.inPlane()];
        random.nextBytes(image);
        return !Arrays.equals(run(kernels.pack(spec), shape, image), run(new ScalarKernels().pack(spec), shape, image));
    }

    private static byte[] run(Kernel kernel, ConvShape shape, byte[] image) {
        int out = shape.outChannels() * shape.outPlane();
        Memory memory = Memory.of(0, image.length + out, kernel.scratch());
        System.arraycopy(image, 0, memory.bytes(), 0, image.length);
        kernel.run(memory, new int[] {0}, image.length);
        return Arrays.copyOfRange(memory.bytes(), image.length, image.length + out);
    }
}
