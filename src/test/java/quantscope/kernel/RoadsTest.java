package quantscope.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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

    /** What roads that quantize images as they are read have. */
    private static final String FLOAT_256 = "FLOAT_256";

    private final ScalarKernels plain = new ScalarKernels();

    static Stream<Arguments> roads() {
        return Stream.concat(Stream.of(Arguments.of("vector", new VectorKernels())), EmittedRoads.forced().entrySet().stream()
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

    static Stream<Arguments> widths() {
        return with(IntStream.rangeClosed(1, 30).toArray());
    }

    static Stream<Arguments> pixels() {
        return with(IntStream.concat(IntStream.rangeClosed(1, 41), IntStream.of(50_176, 100_003)).toArray());
    }

    static Stream<Arguments> sizes() {
        return with(1, 15, 16, 17, 511, 512, 513, 1100, 200_003);
    }

    @ParameterizedTest(name = "{0}, seed {2}")
    @MethodSource("seeds")
    void int8ConvolutionIsExact(String road, Kernels kernels, int seed) {
        assertSame(kernels, LayerCase.int8(seed), "seed " + seed);
    }

    @ParameterizedTest(name = "{0}, seed {2}")
    @MethodSource("seeds")
    void int8ConvolutionOfNeighbouringTapsIsExact(String road, Kernels kernels, int seed) {
        assertSame(kernels, LayerCase.int8Neighbours(seed), "seed " + seed);
    }

    @ParameterizedTest(name = "{0}, seed {2}")
    @MethodSource("seeds")
    void int8ConvolutionIsExactWhereLevelsAreBounded(String road, Kernels kernels, int seed) {
        assertSame(kernels, LayerCase.int8Bounded(seed), "seed " + seed);
    }

    @ParameterizedTest(name = "{0}, seed {2}")
    @MethodSource("seeds")
    void saturatingConvolutionIsExact(String road, Kernels kernels, int seed) {
        assertSame(kernels, LayerCase.saturated(seed), "seed " + seed);
    }

    @ParameterizedTest(name = "{0}, seed {2}")
    @MethodSource("seeds")
    void binaryConvolutionIsExact(String road, Kernels kernels, int seed) {
        assertSame(kernels, LayerCase.binary(seed), "seed " + seed);
    }

    @ParameterizedTest(name = "{0}, seed {2}")
    @MethodSource("seeds")
    void floatConvolutionIsCloseToThePlainSum(String road, Kernels kernels, int seed) {
        assertSame(kernels, LayerCase.fp32(seed), "seed " + seed);
    }

    @ParameterizedTest(name = "{0}, {2} channels")
    @MethodSource("channels")
    void eachChannelByItself(String road, Kernels kernels, int channels) {
        Random random = new Random(channels);
        for (int geometry = 0; geometry < 30; geometry++) {
            ConvShape shape = LayerCase.depthwise(random, channels);
            assertSame(kernels, LayerCase.int8(random, shape, geometry % 2 == 0, geometry % 3 == 0 ? 255 : 128), "int8");
            assertSame(kernels, LayerCase.fp32(random, shape, 1), "fp32");
        }
    }

    /** Tiles of as many pixels as there are registers for, beside each number of vectors of channels. */
    @ParameterizedTest(name = "{0}, width {2}")
    @MethodSource("widths")
    void tilesOfEverySizeAreExact(String road, Kernels kernels, int width) {
        for (int channels : new int[] {8, 16, 21, 40, 70}) {
            Random random = new Random(100 * width + channels);
            ConvShape shape = new ConvShape(7, 3, width, channels, 3, width, 1, 1, 1, 1, 0, 0, 1, 1, 1);
            String message = channels + " channels";
            assertSame(kernels, LayerCase.int8(random, shape, false, 128), message);
            assertSame(kernels, LayerCase.fp32(random, shape, 1), message);
            assertSame(kernels, LayerCase.binary(random, shape, 0), message);
        }
    }

    /** As scales give them that are too small to multiply. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("roads")
    void whatIsNoNumberBecomesTheLowestLevel(String road, Kernels kernels) {
        float[] numbers = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, Float.MIN_VALUE, 1};
        for (ConvShape shape : List.of(ConvShape.linear(20, 36), new ConvShape(20, 2, 15, 36, 2, 15, 1, 1, 1, 1, 0, 0, 1, 1, 1),
                new ConvShape(36, 3, 7, 36, 3, 7, 3, 3, 1, 1, 1, 1, 1, 1, 36))) {
            Random random = new Random(6);
            KernelSpec.Int8Conv any = (KernelSpec.Int8Conv) LayerCase.int8(random, shape, false, 128).spec();
            float[] bias = new float[36];
            float[] multiplier = new float[36];
            for (int o = 0; o < 36; o++) {
                bias[o] = numbers[o / 6];
                multiplier[o] = numbers[o % 6];
            }
            for (int low : new int[] {0, 60}) {
                KernelSpec spec = new KernelSpec.Int8Conv(shape, 9, any.weight(), new Requantize(bias, multiplier, 60, low));
                assertSame(kernels, new LayerCase(shape, spec, LayerCase.memory(random, shape), 0), "low " + low);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("roads")
    void rowsThatTakeSeveralCallsAreExact(String road, Kernels kernels) {
        Random random = new Random(8);
        ConvShape shape = new ConvShape(128, 2, 1001, 24, 2, 1001, 3, 3, 1, 1, 1, 1, 1, 1, 1);
        assertSame(kernels, LayerCase.int8(random, shape, false, 128), "int8");
        assertSame(kernels, LayerCase.fp32(random, shape, 1), "fp32");
        ConvShape deep = new ConvShape(4096, 2, 1001, 9, 1, 1001, 2, 1, 1, 1, 0, 0, 1, 1, 1);
        assertSame(kernels, LayerCase.binary(random, deep, 2), "binary");
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
        assertSame(kernels, LayerCase.int8(random, shape, true, 255), "weights up to 255");
        ConvShape linear = ConvShape.linear(2000, 7);
        assertSame(kernels, LayerCase.int8(random, linear, true, 255), "weights up to 255");
    }

    @ParameterizedTest(name = "{0}, {2} elements")
    @MethodSource("sizes")
    void quantizesAsThePlainRoad(String road, Kernels kernels, int n) {
        Random random = new Random(n);
        ConvShape shape = ConvShape.linear(n, n);
        KernelSpec spec = new KernelSpec.Quantize(n, 1f / 0.037f, 61);
        Memory memory = LayerCase.memory(random, shape);
        float[] extremes = {0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e30f, 0.5f * 0.037f};
        for (int i = 0; i < n; i++) {
            memory.floats()[LayerCase.MARGIN + i] = random.nextInt(4) == 0 ? extremes[random.nextInt(extremes.length)]
                    : (float) random.nextGaussian() * 6;
        }
        assertSame(kernels, new LayerCase(shape, spec, memory, 0), "n " + n);
    }

    @ParameterizedTest(name = "{0}, {2} elements")
    @MethodSource("sizes")
    void dequantizesAsThePlainRoad(String road, Kernels kernels, int n) {
        Random random = new Random(n);
        ConvShape shape = ConvShape.linear(n, n);
        for (int zeroPoint : new int[] {0, 61, 255}) {
            LayerCase layer = new LayerCase(shape, new KernelSpec.Dequantize(n, 0.037f, zeroPoint),
                    LayerCase.memory(random, shape), 0);
            assertSame(kernels, layer, "n " + n);
        }
    }

    @ParameterizedTest(name = "{0}, {2} pixels")
    @MethodSource("pixels")
    void quantizesPlanesToPixels(String road, Kernels kernels, int pixels) {
        Random random = new Random(pixels);
        float[] extremes = {0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e30f, 0.5f * 0.037f};
        for (int channels : new int[] {1, 3, 4}) {
            Channels image = new Channels(pixels, channels);
            float[] planes = new float[image.size()];
            for (int i = 0; i < planes.length; i++) {
                planes[i] = random.nextInt(4) == 0 ? extremes[random.nextInt(extremes.length)]
                        : (float) random.nextGaussian() * 6;
            }
            KernelSpec.Quantize spec = new KernelSpec.Quantize(planes.length, 1f / 0.037f, 61);
            boolean itsOwn = road.contains(FLOAT_256) && channels == 3 && pixels >= 16;
            assertEquals(itsOwn, kernels.imageQuantizer(spec, image).isPresent());
            kernels.imageQuantizer(spec, image).ifPresent(quantizer -> {
                byte[] levels = new byte[image.size() + 2 * LayerCase.MARGIN];
                random.nextBytes(levels);
                byte[] expected = levels.clone();
                for (int i = 0; i < planes.length; i++) {
                    expected[LayerCase.MARGIN + image.at(i)]
                            = Int8Arithmetic.quantize(planes[i], spec.inverseScale(), spec.zeroPoint());
                }
                quantizer.run(planes, levels, LayerCase.MARGIN);
                assertArrayEquals(expected, levels);
                assertThrows(IndexOutOfBoundsException.class,
                        () -> quantizer.run(planes, levels, levels.length - image.size() + 1));
                assertThrows(IndexOutOfBoundsException.class,
                        () -> quantizer.run(new float[image.size() - 1], levels, 0));
            });
        }
    }

    @ParameterizedTest(name = "{0}, {2} elements")
    @MethodSource("sizes")
    void addsAsThePlainRoad(String road, Kernels kernels, int n) {
        Random random = new Random(n);
        ConvShape shape = ConvShape.linear(2 * n, n);
        int[] plain = {n};
        int[] one = {1};
        for (int turn = 0; turn < 8; turn++) {
            KernelSpec spec = new KernelSpec.Int8Add(new Broadcast(plain, one, one), random.nextFloat(), random.nextInt(256),
                    random.nextFloat(), random.nextInt(256), turn % 4 == 0 ? 1e9f : 2 * random.nextFloat(),
                    random.nextInt(256), turn % 2 == 0);
            assertSame(kernels, new LayerCase(shape, spec, LayerCase.memory(random, shape), 0), "n " + n);
        }
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
        Memory memory = LayerCase.memory(new Random(1), shape);
        Arrays.fill(memory.bytes(), (byte) 255);
        assertSame(kernels, new LayerCase(shape, spec, memory, 0), "largest products");
        // A requantization that keeps the low bits: a sum that is off by one changes the level.
        int depth = shape.depth();
        float[] low = new float[shape.outChannels()];
        Arrays.fill(low, (float) (255L * 128 * depth));
        float[] one = new float[shape.outChannels()];
        Arrays.fill(one, depth <= 512 ? 1f : 0.001f);
        KernelSpec fine = new KernelSpec.Int8Conv(shape, 0, weight, new Requantize(low, one, 100, 0));
        assertSame(kernels, new LayerCase(shape, fine, memory, 0), "largest products, low bits");
    }

    private void assertSame(Kernels kernels, LayerCase layer, String message) {
        assertEquals(Optional.empty(), layer.difference(plain, kernels), () -> message + ", " + layer.shape());
        assertEquals(Optional.empty(), layer.rowsDifference(kernels), () -> message + ", " + layer.shape());
    }
}
