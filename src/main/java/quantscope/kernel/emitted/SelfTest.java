package quantscope.kernel.emitted;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import quantscope.kernel.Broadcast;
import quantscope.kernel.Channels;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Int8Arithmetic;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.Memory;
import quantscope.kernel.Requantize;
import quantscope.kernel.SignSource;
import quantscope.kernel.scalar.ScalarKernels;

/** Compares small layers with the scalar reference before the emitted road is taken. Takes some milliseconds. */
record SelfTest(Kernels kernels) {

    private static final List<ConvShape> SHAPES = List.of(
            new ConvShape(3, 9, 17, 21, 5, 9, 3, 3, 2, 2, 1, 1, 1, 1, 1),
            new ConvShape(16, 5, 6, 40, 5, 6, 3, 3, 1, 1, 1, 1, 1, 1, 2),
            new ConvShape(19, 6, 9, 19, 3, 5, 3, 3, 2, 2, 1, 1, 1, 1, 19),
            new ConvShape(5, 7, 20, 16, 5, 16, 3, 3, 1, 1, 1, 0, 2, 2, 1),
            ConvShape.linear(37, 150), row(12), row(13), row(14), row(29));

    /** As many pixels as a tile may have, with one vector of channels that is left over. */
    private static ConvShape row(int pixels) {
        return new ConvShape(6, 1, pixels, 40, 1, pixels, 1, 1, 1, 1, 0, 0, 1, 1, 1);
    }

    /** Tiles of every size, with channels left over. */
    private static final ConvShape WINOGRAD = new ConvShape(33, 9, 11, 37, 9, 11, 3, 3, 1, 1, 1, 1, 1, 1, 1);

    private static final int ELEMENTS = 41;

    /** fp32 sums are in another order than the reference's. */
    static final float TOLERANCE = 1e-4f;

    /** What is the first to differ. */
    Optional<String> firstDifference() {
        Random random = new Random(1);
        for (ConvShape shape : SHAPES) {
            for (KernelSpec spec : List.of(int8(shape, random), float32(shape, random), binary(shape, random),
                    binary(shape, SignSource.int8(random.nextInt(256), 1), random))) {
                if (differs(kernels.pack(spec), spec, shape, random)) {
                    return Optional.of(spec.getClass().getSimpleName() + " " + shape);
                }
            }
        }
        return elementByElement(random);
    }

    /** Vectors of elements and some more. */
    private Optional<String> elementByElement(Random random) {
        ConvShape any = ConvShape.linear(ELEMENTS, ELEMENTS);
        int[] all = {ELEMENTS};
        int[] one = {1};
        List<KernelSpec> specs = List.of(new KernelSpec.Quantize(ELEMENTS, 150, 100),
                new KernelSpec.Dequantize(ELEMENTS, 0.03f, 100),
                new KernelSpec.Int8Add(new Broadcast(all, one, one), 0.03f, 100, 0.02f, 200, 40, 90, true));
        return specs.stream().filter(spec -> differs(kernels.pack(spec), spec, any, random))
                .map(spec -> spec.getClass().getSimpleName()).findFirst()
                .or(() -> planeByPlane(random));
    }

    private Optional<String> planeByPlane(Random random) {
        Channels image = new Channels(ELEMENTS, 3);
        KernelSpec.Quantize spec = new KernelSpec.Quantize(image.size(), 150, 100);
        float[] planes = floats(image.size(), random);
        byte[] expected = new byte[planes.length];
        for (int i = 0; i < planes.length; i++) {
            expected[image.at(i)] = Int8Arithmetic.quantize(planes[i], spec.inverseScale(), spec.zeroPoint());
        }
        byte[] levels = new byte[planes.length];
        return kernels.imageQuantizer(spec, image).filter(quantizer -> {
            quantizer.run(planes, levels, 0);
            return !Arrays.equals(expected, levels);
        }).map(_ -> "an image's levels");
    }

    /**
     * The same for Winograd's filtering, which takes only layers that gain from it otherwise.
     *
     * @param pack empty where this CPU has no such kernel
     */
    static Optional<String> winogradDifference(Function<KernelSpec.Int8Conv, Optional<? extends Kernel>> pack) {
        Random random = new Random(2);
        KernelSpec.Int8Conv spec = int8(WINOGRAD, random);
        return pack.apply(spec).filter(kernel -> differs(kernel, spec, WINOGRAD, random))
                .map(kernel -> kernel.way() + " " + WINOGRAD);
    }

    private static KernelSpec.Int8Conv int8(ConvShape shape, Random random) {
        short[] weight = new short[shape.outChannels() * shape.depth()];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (short) (random.nextInt(256) - 128);
        }
        float[] multiplier = floats(shape.outChannels(), random);
        for (int o = 0; o < multiplier.length; o++) {
            multiplier[o] = Math.abs(multiplier[o]) / 50 / (float) Math.sqrt(shape.depth());
        }
        int[] offset = new int[shape.outChannels()];
        float[] bias = new float[shape.outChannels()];
        for (int o = 0; o < bias.length; o++) {
            offset[o] = random.nextInt(2000) - 1000;
            bias[o] = (float) (1000 * random.nextGaussian());
        }
        return new KernelSpec.Int8Conv(shape, random.nextInt(256), weight,
                new Requantize(offset, bias, multiplier, random.nextInt(256), 0));
    }

    static KernelSpec float32(ConvShape shape, Random random) {
        return new KernelSpec.Conv(shape, floats(shape.outChannels() * shape.depth(), random),
                floats(shape.outChannels(), random));
    }

    static KernelSpec.BinaryConv binary(ConvShape shape, Random random) {
        return binary(shape, SignSource.float32(0), random);
    }

    private static KernelSpec.BinaryConv binary(ConvShape shape, SignSource source, Random random) {
        return new KernelSpec.BinaryConv(shape, source,
                floats(shape.outChannels() * shape.depth(), random), floats(shape.outChannels(), random),
                floats(shape.outChannels(), random));
    }

    /** Between -1 and 1, each tenth 0. */
    static float[] floats(int n, Random random) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextInt(10) == 0 ? 0 : 2 * random.nextFloat() - 1;
        }
        return values;
    }

    private static boolean differs(Kernel kernel, KernelSpec spec, ConvShape shape, Random random) {
        float[] floats = floats(shape.inChannels() * shape.inPlane(), random);
        byte[] levels = new byte[floats.length];
        random.nextBytes(levels);
        Memory ours = run(kernel, shape, floats, levels);
        Memory reference = run(new ScalarKernels().pack(spec), shape, floats, levels);
        boolean same = Arrays.equals(ours.bytes(), reference.bytes());
        float bound = spec instanceof KernelSpec.Conv ? TOLERANCE : 0;
        for (int i = 0; i < ours.floats().length; i++) {
            same &= Math.abs(ours.floats()[i] - reference.floats()[i]) <= bound;
        }
        return !same;
    }

    private static Memory run(Kernel kernel, ConvShape shape, float[] floats, byte[] levels) {
        int out = shape.outChannels() * shape.outPlane();
        Memory memory = Memory.of(floats.length + out, levels.length + out, kernel.scratch());
        System.arraycopy(floats, 0, memory.floats(), 0, floats.length);
        System.arraycopy(levels, 0, memory.bytes(), 0, levels.length);
        // What takes two inputs takes the same twice.
        kernel.run(memory, new int[2], levels.length);
        return memory;
    }
}
