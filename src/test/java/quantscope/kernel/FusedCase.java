package quantscope.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A layer with what stands around it, to compare a fused kernel with one kernel after the other.
 *
 * @param before   of the layer, which reads its signs; from int8 where it begins with a function of levels
 * @param behind   of the layer
 * @param bitsIn   whether the layer's input is handed over as bits
 * @param zeroSign where the output is bits, of the layer that would read them; 2 where it is fp32
 */
public record FusedCase(ConvShape shape, List<KernelSpec> before, KernelSpec layer, List<KernelSpec> behind,
                        boolean bitsIn, int zeroSign, float[] floats, byte[] levels) {

    private static final int FLOATS = 2;
    private static final int STRAY = 70;
    private static final float[] EXTREMES = {0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE, -Float.MIN_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE};

    /** Bias and weights of some channels are 0 or -0, so that outputs are, too; others overflow. */
    public static FusedCase fp32(int seed) {
        Random random = new Random(seed);
        ConvShape shape = LayerCase.shape(random);
        float[] weight = floats(random, shape.outChannels() * shape.depth());
        float[] bias = floats(random, shape.outChannels());
        for (int o = 0; o < bias.length; o += 3) {
            bias[o] = EXTREMES[random.nextInt(EXTREMES.length)];
            Arrays.fill(weight, o * shape.depth(), (o + 1) * shape.depth(), random.nextBoolean() ? 0f : -0f);
        }
        return new FusedCase(shape, List.of(), new KernelSpec.Conv(shape, weight, bias),
                behind(random, shape), false, FLOATS, floats(random, shape.inChannels() * shape.inPlane()), new byte[0]);
    }

    public static FusedCase binary(int seed) {
        Random random = new Random(seed);
        ConvShape any = LayerCase.shape(random);
        ConvShape shape = random.nextInt(4) == 0 ? any : whole(random, any);
        int zeroSign = random.nextInt(3) - 1;
        boolean int8 = random.nextInt(3) == 0;
        boolean levels = int8 && random.nextInt(3) == 0;
        List<KernelSpec> before = before(random, shape, int8, levels);
        SignSource source = levels ? SignSource.int8(random.nextInt(256), zeroSign) : SignSource.float32(zeroSign);
        KernelSpec layer = new KernelSpec.BinaryConv(shape, source, floats(random, shape.outChannels() * shape.depth()),
                floats(random, shape.outChannels()), floats(random, shape.outChannels()));
        boolean bitsIn = !int8 && random.nextInt(4) == 0;
        boolean bitsOut = random.nextBoolean();
        int n = shape.inChannels() * shape.inPlane();
        byte[] bytes = new byte[n];
        random.nextBytes(bytes);
        return new FusedCase(shape, bitsIn ? List.of() : before, layer, bitsOut
                ? functions(random, shape.outChannels(), shape.outPlane()) : behind(random, shape), bitsIn,
                bitsOut ? random.nextInt(3) - 1 : FLOATS, atBounds(random, before, int8, shape, n), int8 ? bytes : new byte[0]);
    }

    /** The same with channels that fill whole ints. */
    private static ConvShape whole(Random random, ConvShape s) {
        return new ConvShape(s.groups() * 32 * (1 + random.nextInt(2)), s.inHeight(), s.inWidth(),
                s.groups() * 32 * (1 + random.nextInt(2)), s.outHeight(), s.outWidth(), s.kernelH(), s.kernelW(), s.strideH(),
                s.strideW(), s.padTop(), s.padLeft(), s.dilationH(), s.dilationW(), s.groups());
    }

    private static List<KernelSpec> behind(Random random, ConvShape shape) {
        KernelSpec norm = norm(random, shape.outChannels(), shape.outPlane());
        KernelSpec relu = new KernelSpec.Unary(shape.outChannels() * shape.outPlane(), UnaryFunction.RELU, 0, 0);
        return List.of(List.of(norm), List.of(relu), List.of(norm, relu), List.of(relu, norm), List.of(relu, norm, relu))
                .get(random.nextInt(5));
    }

    private static List<KernelSpec> before(Random random, ConvShape shape, boolean int8, boolean levels) {
        int n = shape.inChannels() * shape.inPlane();
        List<KernelSpec> chain = new ArrayList<>();
        if (int8) {
            int from = random.nextInt(256);
            byte[] table = new byte[256];
            for (int q = 0; q < 256; q++) {
                table[q] = (byte) (levels ? Math.max(q, from) : Math.min(q, from));
            }
            chain.add(new KernelSpec.Int8Map(n, table));
            if (!levels) {
                chain.add(new KernelSpec.Dequantize(n, 0.07f, random.nextInt(256)));
            }
        }
        if (!levels) {
            chain.addAll(functions(random, shape.inChannels(), shape.inPlane()));
        }
        return chain;
    }

    private static List<KernelSpec> functions(Random random, int channels, int pixels) {
        List<KernelSpec> functions = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int n = channels * pixels;
            functions.add(switch (random.nextInt(6)) {
                case 0 -> new KernelSpec.Unary(n, UnaryFunction.RELU, 0, 0);
                case 1 -> new KernelSpec.Unary(n, UnaryFunction.CLIP, -random.nextFloat(), random.nextFloat());
                case 2 -> new KernelSpec.Unary(n, UnaryFunction.LEAKY_RELU, 0.01f, 0);
                case 3 -> new KernelSpec.Unary(n, UnaryFunction.SIGN, random.nextInt(3) - 1, 0);
                default -> norm(random, channels, pixels);
            });
        }
        return functions;
    }

    private static KernelSpec norm(Random random, int channels, int pixels) {
        float[] factor = floats(random, channels);
        for (int c = 0; c < channels; c++) {
            factor[c] = factor[c] == 0 ? 1 : random.nextInt(20) == 0 ? factor[c] * 1e-38f : factor[c];
        }
        return new KernelSpec.BatchNorm(pixels, channels, 1, factor, floats(random, channels));
    }

    /** Random values, extreme ones, and those where a channel's sign changes, with their neighbours. */
    private static float[] atBounds(Random random, List<KernelSpec> before, boolean int8, ConvShape shape, int n) {
        float[] values = floats(random, n);
        Optional<FloatSigns> signs = int8 ? Optional.empty()
                : MonotoneChain.of(before, shape.inChannels()).map(FloatSigns::of);
        for (int i = 0; i < n; i++) {
            int c = i % shape.inChannels();
            switch (random.nextInt(4)) {
                case 0 -> values[i] = EXTREMES[random.nextInt(EXTREMES.length)];
                case 1, 2 -> {
                    if (signs.isPresent()) {
                        float bound = random.nextBoolean() ? signs.get().atMost()[c] : signs.get().atLeast()[c];
                        float x = Float.intBitsToFloat(Float.floatToRawIntBits(bound) ^ signs.get().turned()[c]);
                        int step = random.nextInt(3);
                        values[i] = step == 0 ? x : step == 1 ? Math.nextUp(x) : Math.nextDown(x);
                    }
                }
                default -> { }
            }
        }
        return values;
    }

    /** Between -1 and 1, some of them 0. */
    private static float[] floats(Random random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextInt(10) == 0 ? 0 : 2 * random.nextFloat() - 1;
        }
        return values;
    }

    /** The fused kernel of a road, where it has one. */
    public Optional<Kernel> fused(Kernels road) {
        return input().flatMap(in -> output().flatMap(out -> road.fuse(road.pack(layer), new Fused(in, out))));
    }

    private Optional<Fused.Input> input() {
        if (bitsIn) {
            return Optional.of(new Fused.Input.Bits());
        }
        if (before.isEmpty()) {
            return Optional.of(new Fused.Input.AsSpecified());
        }
        SignSource source = ((KernelSpec.BinaryConv) layer).source();
        return levels.length > 0 ? LevelSigns.of(before, shape.inChannels(), source).map(Fused.Input.Signs::new)
                : MonotoneChain.of(before, shape.inChannels()).map(FloatSigns::of).map(Fused.Input.Signs::new);
    }

    private Optional<Fused.Output> output() {
        return zeroSign == FLOATS ? Optional.of(new Fused.Output.Floats(behind))
                : MonotoneChain.of(behind, shape.outChannels()).flatMap(chain ->
                        SumSigns.of((KernelSpec.BinaryConv) layer, chain, zeroSign)).map(Fused.Output.Bits::new);
    }

    /** The first output where the fused kernel leaves another than the road's layer between plain kernels. */
    public Optional<String> difference(Kernels plain, Kernels road, Kernel fused) {
        float[] expected = expected(plain, road);
        int outputs = expected.length;
        int in = Math.max(floats.length, levels.length);
        Memory memory = Memory.of(in + outputs + STRAY, in + outputs + STRAY, fused.scratch());
        System.arraycopy(floats, 0, memory.floats(), 0, floats.length);
        System.arraycopy(bitsIn ? bits(floats) : levels, 0, memory.bytes(), 0, bitsIn ? in / 8 : levels.length);
        Arrays.fill(memory.floats(), in, memory.floats().length, 7);
        Arrays.fill(memory.bytes(), in, memory.bytes().length, (byte) 77);
        Arrays.fill(memory.scratchInts(), 99);
        fused.run(memory, new int[] {0}, in);
        for (int i = 0; i < outputs; i++) {
            float actual = zeroSign == FLOATS ? memory.floats()[in + i]
                    : (memory.bytes()[in + i / 8] >> i % 8 & 1) == 1 ? -1 : 1;
            if (Float.compare(expected[i], actual) != 0) {
                return Optional.of("output " + i + " is " + actual + ", expected " + expected[i]);
            }
        }
        boolean clean = memory.floats()[in + (zeroSign == FLOATS ? outputs : 0)] == 7
                && memory.bytes()[in + (zeroSign == FLOATS ? 0 : outputs / 8)] == 77;
        return clean ? Optional.empty() : Optional.of("something is written behind the output");
    }

    private float[] expected(Kernels plain, Kernels road) {
        Memory memory = memory(floats, levels);
        for (KernelSpec spec : before) {
            memory = run(plain.pack(spec), memory, floats.length);
        }
        if (bitsIn) {
            // Bits are of values that have a sign.
            float[] signs = new float[floats.length];
            for (int i = 0; i < signs.length; i++) {
                signs[i] = floats[i] < 0 ? -1 : 1;
            }
            memory = memory(signs, levels);
        }
        int outputs = shape.outChannels() * shape.outPlane();
        memory = run(layer instanceof KernelSpec.Conv ? road.pack(layer) : plain.pack(layer), memory, outputs);
        for (KernelSpec spec : behind) {
            memory = run(plain.pack(spec), memory, outputs);
        }
        float[] values = Arrays.copyOf(memory.floats(), outputs);
        for (int i = 0; zeroSign != FLOATS && i < outputs; i++) {
            values[i] = values[i] < 0 || zeroSign < 0 && !(values[i] > 0) ? -1 : 1;
        }
        return values;
    }

    private static byte[] bits(float[] values) {
        byte[] bits = new byte[values.length / 8];
        for (int i = 0; i < values.length / 8 * 8; i++) {
            bits[i / 8] |= (byte) (values[i] < 0 ? 1 << i % 8 : 0);
        }
        return bits;
    }

    private static Memory memory(float[] floats, byte[] levels) {
        Memory memory = Memory.of(floats.length, floats.length, Scratch.NONE);
        System.arraycopy(floats, 0, memory.floats(), 0, floats.length);
        System.arraycopy(levels, 0, memory.bytes(), 0, levels.length);
        return memory;
    }

    /** What a kernel makes of the memory's first values, as the first values of another memory. */
    private static Memory run(Kernel kernel, Memory in, int outputs) {
        int n = in.floats().length;
        Memory memory = Memory.of(n + outputs, n + outputs, kernel.scratch());
        System.arraycopy(in.floats(), 0, memory.floats(), 0, n);
        System.arraycopy(in.bytes(), 0, memory.bytes(), 0, n);
        kernel.run(memory, new int[] {0}, n);
        return memory(Arrays.copyOfRange(memory.floats(), n, n + outputs),
                Arrays.copyOfRange(memory.bytes(), n, n + outputs));
    }
}
