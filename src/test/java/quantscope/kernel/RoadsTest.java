package quantscope.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import quantscope.kernel.emitted.EmittedRoads;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.kernel.vector.VectorKernels;

/** Every road against the plain one, over random geometries and extreme values. */
class RoadsTest {

    private static final int MARGIN = 130;
    private static final int[] EXTREME_LEVELS = {0, 1, 127, 128, 254, 255};
    private static final short[] EXTREME_WEIGHTS = {-128, -127, -1, 0, 1, 127};

    private final ScalarKernels plain = new ScalarKernels();

    static Stream<Arguments> roads() {
        return Stream.concat(Stream.of(Arguments.of("vector", new VectorKernels())), EmittedRoads.all().entrySet().stream()
                .map(e -> Arguments.of(e.getKey(), e.getValue())));
    }

    static Stream<Arguments> seeds() {
        return roads().flatMap(road -> IntStream.range(0, 120).mapToObj(seed -> Arguments.of(road.get()[0],
                road.get()[1], seed)));
    }

    private static Stream<Arguments> with(int... values) {
        return roads().flatMap(road -> IntStream.of(values).mapToObj(v -> Arguments.of(road.get()[0], road.get()[1], v)));
    }

    static Stream<Arguments> linearDepths() {
        return with(511, 512, 513, 1024, 8192, 8193, 16385);
    }

    static Stream<Arguments> depths() {
        return with(511, 512, 513, 1100);
    }

    static Stream<Arguments> channels() {
        return with(3, 8, 16, 17, 32, 45);
    }

    static Stream<Arguments> sizes() {
        return with(1, 15, 16, 17, 511, 512, 513, 1100);
    }

    @ParameterizedTest(name = "{0}, seed {2}")
    @MethodSource("seeds")
    void int8ConvolutionIsExact(String road, Kernels kernels, int seed) {
        Random random = new Random(seed);
        ConvShape shape = shape(random);
        KernelSpec spec = int8(random, shape, seed % 3 == 0, 128);
        Memory memory = memory(random, shape, spec);
        assertSame(kernels, spec, memory, shape, "seed " + seed + " " + shape);
    }

    @ParameterizedTest(name = "{0}, seed {2}")
    @MethodSource("seeds")
    void int8ConvolutionIsExactWhereLevelsAreBounded(String road, Kernels kernels, int seed) {
        Random random = new Random(seed);
        ConvShape shape = shape(random);
        int largest = seed % 2 == 0 ? 127 : 1 + random.nextInt(255);
        KernelSpec.Int8Conv any = int8(random, shape, seed % 3 == 0, 128);
        KernelSpec spec = new KernelSpec.Int8Conv(shape, Math.min(any.inputZeroPoint(), largest), largest, any.weight(),
                any.requantize());
        Memory memory = memory(random, shape, spec);
        for (int i = 0; i < memory.bytes().length; i++) {
            memory.bytes()[i] = (byte) (random.nextInt(4) == 0 ? largest : random.nextInt(largest + 1));
        }
        assertSame(kernels, spec, memory, shape, "seed " + seed + " " + shape);
    }

    @ParameterizedTest(name = "{0}, seed {2}")
    @MethodSource("seeds")
    void binaryConvolutionIsExact(String road, Kernels kernels, int seed) {
        Random random = new Random(seed);
        ConvShape shape = shape(random);
        int zeroSign = random.nextInt(3) - 1;
        SignSource source = seed % 2 == 0 ? SignSource.float32(zeroSign)
                : SignSource.int8(EXTREME_LEVELS[random.nextInt(6)], zeroSign);
        KernelSpec spec = new KernelSpec.BinaryConv(shape, source, floats(random, shape.outChannels() * shape.depth()),
                floats(random, shape.outChannels()), floats(random, shape.outChannels()));
        Memory memory = memory(random, shape, spec);
        for (int i = 0; i < memory.floats().length; i += 7) {
            memory.floats()[i] = seed % 3 == 0 ? Float.NaN : -0f;
        }
        if (seed % 4 < 2) {
            // Without zeros the masks are left out.
            for (int i = 0; i < memory.floats().length; i++) {
                memory.floats()[i] = memory.floats()[i] == 0 ? 1 : memory.floats()[i];
            }
        }
        assertSame(kernels, spec, memory, shape, "seed " + seed + " " + shape);
    }

    @ParameterizedTest(name = "{0}, seed {2}")
    @MethodSource("seeds")
    void floatConvolutionIsCloseToThePlainSum(String road, Kernels kernels, int seed) {
        Random random = new Random(seed);
        ConvShape shape = shape(random);
        KernelSpec spec = new KernelSpec.Conv(shape, floats(random, shape.outChannels() * shape.depth()),
                floats(random, shape.outChannels()));
        Memory memory = memory(random, shape, spec);
        Memory expected = run(plain.pack(spec), memory, shape);
        Memory actual = run(kernels.pack(spec), memory, shape);
        for (int i = 0; i < expected.floats().length; i++) {
            assertEquals(expected.floats()[i], actual.floats()[i], 2e-6f * shape.depth() + 1e-5f,
                    "seed " + seed + " " + shape + " element " + i);
        }
    }

    @ParameterizedTest(name = "{0}, {2} channels")
    @MethodSource("channels")
    void eachChannelByItself(String road, Kernels kernels, int channels) {
        Random random = new Random(channels);
        for (int geometry = 0; geometry < 30; geometry++) {
            ConvShape s = shape(random);
            ConvShape shape = new ConvShape(channels, s.inHeight(), s.inWidth(), channels, s.outHeight(), s.outWidth(),
                    s.kernelH(), s.kernelW(), s.strideH(), s.strideW(), s.padTop(), s.padLeft(), s.dilationH(),
                    s.dilationW(), channels);
            KernelSpec int8 = int8(random, shape, geometry % 2 == 0, geometry % 3 == 0 ? 255 : 128);
            assertSame(kernels, int8, memory(random, shape, int8), shape, shape.toString());
            KernelSpec spec = new KernelSpec.Conv(shape, floats(random, channels * shape.depth()), floats(random, channels));
            Memory memory = memory(random, shape, spec);
            float[] expected = run(plain.pack(spec), memory, shape).floats();
            assertArrayEquals(expected, run(kernels.pack(spec), memory, shape).floats(), 1e-5f, shape.toString());
        }
    }

    @ParameterizedTest(name = "{0}, depth {2}")
    @MethodSource("linearDepths")
    void largestProductsStayExactInLinearLayers(String road, Kernels kernels, int depth) {
        assertLargestProducts(kernels, ConvShape.linear(depth, 5));
    }

    @ParameterizedTest(name = "{0}, depth {2}")
    @MethodSource("depths")
    void largestProductsStayExactInConvolutions(String road, Kernels kernels, int depth) {
        assertLargestProducts(kernels, new ConvShape(depth, 3, 7, 7, 3, 7, 1, 1, 1, 1, 0, 0, 1, 1, 1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("roads")
    void aLinearLayersBitsDoNotChangeWhenTheCodeIsCompiled(String road, Kernels kernels) {
        Random random = new Random(9);
        ConvShape shape = ConvShape.linear(515, 9);
        float[] weight = new float[515 * 9];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (float) random.nextGaussian();
        }
        Kernel kernel = kernels.pack(new KernelSpec.Conv(shape, weight, new float[9]));
        Memory memory = Memory.of(515 + 9, 0, kernel.scratch());
        for (int i = 0; i < 515; i++) {
            memory.floats()[i] = (float) random.nextGaussian();
        }
        kernel.run(memory, new int[] {0}, 515);
        float[] first = Arrays.copyOfRange(memory.floats(), 515, 524);
        for (int run = 0; run < 30_000; run++) {
            kernel.run(memory, new int[] {0}, 515);
            assertArrayEquals(first, Arrays.copyOfRange(memory.floats(), 515, 524), "run " + run);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("roads")
    void weightsWithAZeroPointStayExact(String road, Kernels kernels) {
        Random random = new Random(4);
        ConvShape shape = new ConvShape(520, 3, 3, 5, 3, 3, 1, 1, 1, 1, 0, 0, 1, 1, 1);
        KernelSpec spec = int8(random, shape, true, 255);
        assertSame(kernels, spec, memory(random, shape, spec), shape, "weights up to 255");
        ConvShape linear = ConvShape.linear(2000, 7);
        KernelSpec dot = int8(random, linear, true, 255);
        assertSame(kernels, dot, memory(random, linear, dot), linear, "weights up to 255");
    }

    @ParameterizedTest(name = "{0}, {2} elements")
    @MethodSource("sizes")
    void quantizesAsThePlainRoad(String road, Kernels kernels, int n) {
        Random random = new Random(n);
        ConvShape shape = ConvShape.linear(n, n);
        KernelSpec spec = new KernelSpec.Quantize(n, 1f / 0.037f, 61);
        Memory memory = memory(random, shape, spec);
        float[] extremes = {0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e30f, 0.5f * 0.037f};
        for (int i = 0; i < n; i++) {
            memory.floats()[MARGIN + i] = random.nextInt(4) == 0 ? extremes[random.nextInt(extremes.length)]
                    : (float) random.nextGaussian() * 6;
        }
        assertSame(kernels, spec, memory, shape, "n " + n);
    }

    /** Every product 255 * -128: the largest sums there are, and where fp32 would lose bits first. */
    private void assertLargestProducts(Kernels kernels, ConvShape shape) {
        short[] weight = new short[shape.outChannels() * shape.depth()];
        Arrays.fill(weight, (short) -128);
        for (int i = shape.depth(); i < weight.length; i += 7) {
            weight[i] = -127;
        }
        float[] multiplier = new float[shape.outChannels()];
        Arrays.fill(multiplier, 200f / (255f * 128 * shape.depth()));
        KernelSpec spec = new KernelSpec.Int8Conv(shape, 0, weight,
                new Requantize(new float[shape.outChannels()], multiplier, 230, 0));
        Memory memory = memory(new Random(1), shape, spec);
        Arrays.fill(memory.bytes(), (byte) 255);
        assertSame(kernels, spec, memory, shape, shape.toString());
        // A requantization that keeps the low bits: a sum that is off by one changes the level.
        int depth = shape.depth();
        float[] low = new float[shape.outChannels()];
        Arrays.fill(low, (float) (255L * 128 * depth));
        float[] one = new float[shape.outChannels()];
        Arrays.fill(one, depth <= 512 ? 1f : 0.001f);
        KernelSpec fine = new KernelSpec.Int8Conv(shape, 0, weight, new Requantize(low, one, 100, 0));
        assertSame(kernels, fine, memory, shape, shape.toString());
    }

    /** Three who take the last part first. */
    private static final Team BACKWARDS = new Team() {
        @Override
        public int members() {
            return 3;
        }

        @Override
        public void run(int parts, Part work) {
            for (int part = parts - 1; part >= 0; part--) {
                work.run(part % 3, part);
            }
        }
    };

    private void assertSame(Kernels kernels, KernelSpec spec, Memory memory, ConvShape shape, String message) {
        Memory expected = run(plain.pack(spec), memory, shape);
        Memory actual = run(kernels.pack(spec), memory, shape);
        assertArrayEquals(expected.bytes(), actual.bytes(), message);
        assertArrayEquals(expected.floats(), actual.floats(), message);
    }

    /** Runs on a copy; input and output lie between margins that show stray writes. */
    private static Memory run(Kernel kernel, Memory memory, ConvShape shape) {
        Memory copy = new Memory(memory.floats().clone(), memory.bytes().clone(),
                new float[kernel.scratch().floats()], new int[kernel.scratch().ints()],
                new long[kernel.scratch().longs()], BACKWARDS);
        Arrays.fill(copy.scratchFloats(), Float.NaN);
        Arrays.fill(copy.scratchLongs(), 0x123456789abcdefL);
        Arrays.fill(copy.scratchInts(), 99);
        kernel.run(copy, new int[] {MARGIN}, 2 * MARGIN + shape.inChannels() * shape.inPlane());
        return copy;
    }

    private static Memory memory(Random random, ConvShape shape, KernelSpec spec) {
        int n = shape.inChannels() * shape.inPlane() + shape.outChannels() * shape.outPlane() + 3 * MARGIN;
        Memory memory = Memory.of(n, n, Scratch.NONE);
        boolean extreme = random.nextBoolean();
        for (int i = 0; i < n; i++) {
            memory.bytes()[i] = (byte) (extreme ? EXTREME_LEVELS[random.nextInt(6)] : random.nextInt(256));
            memory.floats()[i] = random.nextInt(5) == 0 ? 0 : random.nextFloat() * 2 - 1;
        }
        return memory;
    }

    private static KernelSpec.Int8Conv int8(Random random, ConvShape shape, boolean extreme, int bound) {
        short[] weight = new short[shape.outChannels() * shape.depth()];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (short) (extreme ? bound == 128 ? EXTREME_WEIGHTS[random.nextInt(6)]
                    : random.nextBoolean() ? bound : -bound : random.nextInt(256) - 128);
        }
        float[] bias = new float[shape.outChannels()];
        float[] multiplier = new float[shape.outChannels()];
        for (int o = 0; o < bias.length; o++) {
            bias[o] = (float) random.nextGaussian() * 500;
            multiplier[o] = (0.5f + random.nextFloat()) / (100f * (float) Math.sqrt(shape.depth()));
        }
        int zero = random.nextInt(256);
        return new KernelSpec.Int8Conv(shape, random.nextInt(256), weight,
                new Requantize(bias, multiplier, zero, random.nextBoolean() ? zero : 0));
    }

    private static float[] floats(Random random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return values;
    }

    /** Any geometry, often with a single pixel, odd channels, one-sided padding or padding wider than the image. */
    private static ConvShape shape(Random random) {
        while (true) {
            int groups = random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 1;
            int in = groups * (random.nextInt(4) == 0 ? 32 * (1 + random.nextInt(3))
                    : 1 + random.nextInt(random.nextInt(5) == 0 ? 150 : 9));
            int out = groups * (1 + random.nextInt(random.nextBoolean() ? 40 : 5));
            int height = 1 + random.nextInt(12);
            int width = 1 + random.nextInt(random.nextInt(4) == 0 ? 80 : 12);
            int kh = 1 + random.nextInt(5);
            int kw = 1 + random.nextInt(5);
            int sh = 1 + random.nextInt(3);
            int sw = 1 + random.nextInt(3);
            int dh = 1 + random.nextInt(2);
            int dw = 1 + random.nextInt(2);
            int top = random.nextInt(4);
            int left = random.nextInt(4);
            int outHeight = (height + top + random.nextInt(4) - dh * (kh - 1) - 1) / sh + 1;
            int outWidth = (width + left + random.nextInt(4) - dw * (kw - 1) - 1) / sw + 1;
            if (height + top >= dh * (kh - 1) + 1 && width + left >= dw * (kw - 1) + 1) {
                return new ConvShape(in, height, width, out, outHeight, outWidth, kh, kw, sh, sw, top, left, dh, dw,
                        groups);
            }
        }
    }
}
