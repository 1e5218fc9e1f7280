package quantscope.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A layer with weights to compare roads over: random geometry, random or extreme values.
 *
 * @param memory    input and output between margins, which show stray writes
 * @param tolerance of the fp32 output; everything else is exact
 */
public record LayerCase(ConvShape shape, KernelSpec spec, Memory memory, float tolerance) {

    /** Elements before the input, between input and output, and behind the output. */
    static final int MARGIN = 130;

    /** Some more than any tile has pixels. */
    private static final int MOST_ROWS = 33;

    private static final int[] EXTREME_LEVELS = {0, 1, 127, 128, 254, 255};
    private static final short[] EXTREME_WEIGHTS = {-128, -127, -1, 0, 1, 127};

    /** Three who take the last part first: results do not hang on who computes what, and when. */
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

    public static LayerCase int8(int seed) {
        Random random = new Random(seed);
        return int8(random, shape(random), seed % 3 == 0, 128);
    }

    /** Of some neighbouring taps, with enough channels for roads that have a way of their own for these. */
    public static LayerCase int8Neighbours(int seed) {
        Random random = new Random(seed);
        int kh = seed % 2 == 0 ? 3 : 2 + random.nextInt(5);
        int kw = seed % 2 == 0 ? 3 : 2 + random.nextInt(5);
        int height = kh + random.nextInt(14);
        int width = kw + random.nextInt(14);
        int top = random.nextInt(3);
        int left = random.nextInt(3);
        int outHeight = height + top + random.nextInt(3) - kh + 1;
        int outWidth = width + left + random.nextInt(3) - kw + 1;
        ConvShape shape = new ConvShape(16 + random.nextInt(60), height, width, 16 + random.nextInt(60), outHeight,
                outWidth, kh, kw, 1, 1, top, left, 1, 1, 1);
        return int8(random, shape, seed % 3 == 0, seed % 4 == 0 ? 255 : 128);
    }

    /** Nothing in the input lies above a bound that the kernel knows. */
    public static LayerCase int8Bounded(int seed) {
        Random random = new Random(seed);
        LayerCase any = int8(random, shape(random), seed % 3 == 0, 128);
        int largest = seed % 2 == 0 ? 127 : 1 + random.nextInt(255);
        KernelSpec.Int8Conv free = (KernelSpec.Int8Conv) any.spec();
        byte[] bytes = any.memory().bytes();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextInt(4) == 0 ? largest : random.nextInt(largest + 1));
        }
        return new LayerCase(any.shape(), new KernelSpec.Int8Conv(any.shape(), Math.min(free.inputZeroPoint(), largest),
                largest, free.weight(), free.requantize()), any.memory(), 0);
    }

    /** @param bound of the weights' magnitudes; above 128 they have a zero point */
    static LayerCase int8(Random random, ConvShape shape, boolean extreme, int bound) {
        short[] weight = new short[shape.outChannels() * shape.depth()];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (short) (extreme ? bound == 128 ? EXTREME_WEIGHTS[random.nextInt(6)]
                    : random.nextBoolean() ? bound : -bound : random.nextInt(256) - 128);
        }
        int[] offset = new int[shape.outChannels()];
        float[] bias = new float[shape.outChannels()];
        float[] multiplier = new float[shape.outChannels()];
        for (int o = 0; o < bias.length; o++) {
            offset[o] = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(2000) - 1000;
            bias[o] = (float) random.nextGaussian() * 500;
            multiplier[o] = (0.5f + random.nextFloat()) / (100f * (float) Math.sqrt(shape.depth()));
        }
        int zero = random.nextInt(256);
        KernelSpec spec = new KernelSpec.Int8Conv(shape, random.nextInt(256), weight,
                new Requantize(offset, bias, multiplier, zero, random.nextBoolean() ? zero : 0));
        return new LayerCase(shape, spec, memory(random, shape), 0);
    }

    /** As a CPU computes it whose sums of two neighbouring products saturate. */
    public static LayerCase saturated(int seed) {
        Random random = new Random(seed);
        LayerCase exact = int8(random, shape(random), seed % 3 == 0, 128);
        KernelSpec.Int8Conv spec = (KernelSpec.Int8Conv) exact.spec();
        int[] zeros = new int[exact.shape().outChannels()];
        for (int i = 0; seed % 4 == 1 && i < spec.weight().length; i++) {
            // Levels stay signed bytes.
            int o = i / exact.shape().depth();
            zeros[o] = o % 41 - 20;
            spec.weight()[i] -= (short) zeros[o];
        }
        return new LayerCase(exact.shape(), new KernelSpec.SaturatedInt8Conv(spec, zeros),
                exact.memory(), 0);
    }

    public static LayerCase binary(int seed) {
        Random random = new Random(seed);
        return binary(random, shape(random), seed);
    }

    /** @param kind decides on the source of signs, NaN and zeros */
    static LayerCase binary(Random random, ConvShape shape, int kind) {
        int zeroSign = random.nextInt(3) - 1;
        SignSource source = kind % 2 == 0 ? SignSource.float32(zeroSign)
                : SignSource.int8(EXTREME_LEVELS[random.nextInt(6)], zeroSign);
        KernelSpec spec = new KernelSpec.BinaryConv(shape, source, floats(random, shape.outChannels() * shape.depth()),
                floats(random, shape.outChannels()), floats(random, shape.outChannels()));
        Memory memory = memory(random, shape);
        for (int i = 0; i < memory.floats().length; i += 7) {
            memory.floats()[i] = kind % 3 == 0 ? Float.NaN : -0f;
        }
        if (kind % 4 < 2) {
            // Without zeros the masks are left out.
            for (int i = 0; i < memory.floats().length; i++) {
                memory.floats()[i] = memory.floats()[i] == 0 ? 1 : memory.floats()[i];
            }
        }
        return new LayerCase(shape, spec, memory, 0);
    }

    /** Some inputs and biases as large or as small as sums of them may be without overflow. */
    public static LayerCase fp32(int seed) {
        Random random = new Random(seed);
        return fp32(random, shape(random), seed % 3 == 0 ? 0x1p100f : seed % 3 == 1 ? 1 : 0x1p-90f);
    }

    static LayerCase fp32(Random random, ConvShape shape, float scale) {
        float[] bias = floats(random, shape.outChannels());
        float[] weight = floats(random, shape.outChannels() * shape.depth());
        Memory memory = memory(random, shape);
        scale(bias, scale);
        scale(memory.floats(), scale);
        return new LayerCase(shape, new KernelSpec.Conv(shape, weight, bias), memory,
                (2e-6f * shape.depth() + 1e-5f) * scale);
    }

    /** Any geometry whose every channel is convolved by itself. */
    static ConvShape depthwise(Random random, int channels) {
        ConvShape s = shape(random);
        return new ConvShape(channels, s.inHeight(), s.inWidth(), channels, s.outHeight(), s.outWidth(), s.kernelH(),
                s.kernelW(), s.strideH(), s.strideW(), s.padTop(), s.padLeft(), s.dilationH(), s.dilationW(), channels);
    }

    static Memory memory(Random random, ConvShape shape) {
        int n = shape.inChannels() * shape.inPlane() + shape.outChannels() * shape.outPlane() + 3 * MARGIN;
        Memory memory = Memory.of(n, n, Scratch.NONE);
        boolean extreme = random.nextBoolean();
        for (int i = 0; i < n; i++) {
            memory.bytes()[i] = (byte) (extreme ? EXTREME_LEVELS[random.nextInt(6)] : random.nextInt(256));
            memory.floats()[i] = random.nextInt(5) == 0 ? 0 : random.nextFloat() * 2 - 1;
        }
        return memory;
    }

    /** The first value, margins included, where a road leaves another than the plain road. */
    public Optional<String> difference(Kernels plain, Kernels road) {
        Memory expected = run(plain.pack(spec));
        Memory actual = run(road.pack(spec));
        for (int i = 0; i < expected.bytes().length; i++) {
            if (expected.bytes()[i] != actual.bytes()[i]) {
                return Optional.of("byte " + i + " is " + (actual.bytes()[i] & 0xff) + ", expected "
                        + (expected.bytes()[i] & 0xff));
            }
        }
        for (int i = 0; i < expected.floats().length; i++) {
            float e = expected.floats()[i];
            float a = actual.floats()[i];
            boolean inside = i >= output() && i < expected.floats().length - MARGIN;
            if (Float.compare(e, a) != 0 && (!inside || !(Math.abs(e - a) <= tolerance))) {
                return Optional.of("float " + i + " is " + a + ", expected " + e);
            }
        }
        return Optional.empty();
    }

    /** The first value, margins included, where a road leaves another for several rows at a time than for one by one. */
    public Optional<String> rowsDifference(Kernels road) {
        Kernel kernel = road.pack(spec);
        if (!kernel.gainsFromRows()) {
            return Optional.empty();
        }
        Random random = new Random(shape.hashCode());
        int rows = 1 + random.nextInt(MOST_ROWS);
        int inStride = shape.inChannels() * shape.inPlane() + random.nextInt(MARGIN);
        int outStride = shape.outChannels() * shape.outPlane() + random.nextInt(MARGIN);
        int out = 2 * MARGIN + rows * inStride;
        int n = out + rows * outStride + MARGIN;
        float[] floats = new float[n];
        byte[] bytes = new byte[n];
        for (int i = 0; i < n; i++) {
            int from = random.nextInt(memory.floats().length);
            floats[i] = memory.floats()[from];
            bytes[i] = memory.bytes()[from];
        }
        Memory alone = copy(floats, bytes, kernel);
        for (int row = 0; row < rows; row++) {
            kernel.run(alone, new int[] {MARGIN + row * inStride}, out + row * outStride);
        }
        Memory together = copy(floats, bytes, kernel);
        kernel.runRows(together, MARGIN, out, rows, inStride, outStride);
        int differing = Math.max(Arrays.mismatch(alone.floats(), together.floats()),
                Arrays.mismatch(alone.bytes(), together.bytes()));
        return differing < 0 ? Optional.empty()
                : Optional.of("value " + (differing - out) + " of " + rows + " rows, " + outStride + " apart");
    }

    private int output() {
        return 2 * MARGIN + shape.inChannels() * shape.inPlane();
    }

    /** Runs on a copy. */
    private Memory run(Kernel kernel) {
        Memory copy = copy(memory.floats(), memory.bytes(), kernel);
        kernel.run(copy, spec instanceof KernelSpec.Int8Add s ? new int[] {MARGIN, MARGIN + s.broadcast().size()}
                : new int[] {MARGIN}, output());
        return copy;
    }

    private static Memory copy(float[] floats, byte[] bytes, Kernel kernel) {
        Memory copy = new Memory(floats.clone(), bytes.clone(),
                new float[kernel.scratch().floats()], new int[kernel.scratch().ints()],
                new long[kernel.scratch().longs()], BACKWARDS, List.of());
        Arrays.fill(copy.scratchFloats(), Float.NaN);
        Arrays.fill(copy.scratchLongs(), 0x123456789abcdefL);
        Arrays.fill(copy.scratchInts(), 99);
        return copy;
    }

    private static float[] floats(Random random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return values;
    }

    private static void scale(float[] values, float scale) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= scale;
        }
    }

    /** Any geometry, often with a single pixel, odd channels, one-sided padding or padding wider than the image. */
    static ConvShape shape(Random random) {
        if (random.nextInt(6) == 0) {
            return ConvShape.linear(1 + random.nextInt(1500), 1 + random.nextInt(random.nextBoolean() ? 80 : 300));
        }
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
