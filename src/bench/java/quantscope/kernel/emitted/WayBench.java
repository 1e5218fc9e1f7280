package quantscope.kernel.emitted;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.Memory;
import quantscope.kernel.Requantize;
import quantscope.kernel.SignSource;
import quantscope.kernel.vector.VectorKernels;

/**
 * Each way of the emitted road on AlexNet's layers, one thread, taking turns in one run; the fastest rounds in GMAC/s. Weights are
 * normal, their largest of each channel 127. The argument "int8", "binary" or "depthwise" chooses.
 */
public final class WayBench {

    private static final int ROUNDS = 41;

    private record Layer(String name, ConvShape shape) {

        static Layer conv(String name, int in, int size, int out, int kernel, int stride, int pad) {
            int o = (size + 2 * pad - kernel) / stride + 1;
            return new Layer(name, new ConvShape(in, size, size, out, o, o, kernel, kernel, stride, stride, pad, pad, 1,
                    1, 1));
        }

        double macs() {
            return (double) shape.depth() * shape.outChannels() * shape.outPlane();
        }
    }

    private static final List<Layer> LAYERS = List.of(
            new Layer("peak", new ConvShape(512, 1, 40, 16, 1, 40, 1, 1, 1, 1, 0, 0, 1, 1, 1)),
            Layer.conv("conv1", 3, 224, 64, 11, 4, 2), Layer.conv("conv2", 64, 27, 192, 5, 1, 2),
            Layer.conv("conv3", 192, 13, 384, 3, 1, 1), Layer.conv("conv4", 384, 13, 256, 3, 1, 1),
            Layer.conv("conv5", 256, 13, 256, 3, 1, 1), new Layer("fc7", ConvShape.linear(4096, 4096)));

    private WayBench() { }

    public static void main(String[] args) throws EmittedUnavailableException {
        if (args.length == 0 || args[0].equals("int8")) {
            for (int largest : new int[] {127, 255}) {
                System.out.println("int8, levels up to " + largest);
                List<Way> ways = List.of(Way.DOUBLED_256, Way.PAIRS_256, Way.WORDS_256, Way.DOT_512);
                compare(ways, layer -> int8(layer.shape(), largest));
            }
        }
        if (args.length == 0 || args[0].equals("binary")) {
            System.out.println("binary");
            List<Way> ways = Arrays.stream(Way.values()).filter(Way::masked).toList();
            compare(ways, layer -> binary(layer.shape()));
        }
        if (args.length == 0 || args[0].equals("depthwise")) {
            depthwise();
        }
    }

    private static void depthwise() throws EmittedUnavailableException {
        System.out.println("each channel by itself, 3 x 3: fp32 and int8");
        List<Kernels> roads = List.of(
                EmittedKernels.of(new VectorKernels(), EnumSet.of(Way.CHANNELS_512, Way.CHANNELS_FLOAT_512)),
                EmittedKernels.of(new VectorKernels(), EnumSet.of(Way.CHANNELS_256, Way.CHANNELS_FLOAT_256)),
                new VectorKernels());
        System.out.printf("%-12s%20s%20s%20s%n", "", "512", "256", "vector");
        for (int[] layer : new int[][] {{32, 112, 1}, {96, 112, 2}, {144, 56, 1}, {192, 28, 1}, {576, 14, 1}, {960, 7, 1}}) {
            int c = layer[0];
            int size = layer[1];
            int out = (size - 1) / layer[2] + 1;
            ConvShape shape = new ConvShape(c, size, size, c, out, out, 3, 3, layer[2], layer[2], 1, 1, 1, 1, c);
            float[] weight = new float[9 * c];
            Arrays.fill(weight, 0.3f);
            List<Kernel> kernels = new ArrayList<>();
            for (Kernels road : roads) {
                kernels.add(road.pack(new KernelSpec.Conv(shape, weight, new float[c])));
                kernels.add(road.pack(int8(shape, 255)));
            }
            System.out.printf("%3d %3d / %d ", c, size, layer[2]);
            for (double seconds : fastest(kernels, shape)) {
                System.out.printf("%10.1f", new Layer("", shape).macs() / seconds / 1e9);
            }
            System.out.println();
        }
    }

    private interface Specs {
        KernelSpec of(Layer layer);
    }

    private static void compare(List<Way> ways, Specs specs) throws EmittedUnavailableException {
        List<Kernels> roads = new ArrayList<>();
        for (Way way : ways) {
            roads.add(EmittedKernels.of(new VectorKernels(), EnumSet.of(way)));
        }
        roads.add(new VectorKernels());
        System.out.printf("%-8s", "");
        ways.forEach(way -> System.out.printf("%14s", way.name().toLowerCase(Locale.ROOT)));
        System.out.printf("%14s%n", "vector");
        for (Layer layer : LAYERS) {
            KernelSpec spec = specs.of(layer);
            List<Kernel> kernels = roads.stream().map(road -> road.pack(spec)).toList();
            System.out.printf("%-8s", layer.name());
            for (double seconds : fastest(kernels, layer.shape())) {
                System.out.printf("%14.1f", layer.macs() / seconds / 1e9);
            }
            kernels.forEach(kernel -> System.out.print("  " + kernel.way()));
            System.out.println();
        }
    }

    private static double[] fastest(List<Kernel> kernels, ConvShape shape) {
        Random random = new Random(3);
        int in = shape.inChannels() * shape.inPlane();
        int out = shape.outChannels() * shape.outPlane();
        double[][] seconds = new double[kernels.size()][ROUNDS];
        List<Memory> memories = new ArrayList<>();
        for (Kernel kernel : kernels) {
            Memory memory = Memory.of(in + out, in + out, kernel.scratch());
            for (int i = 0; i < in; i++) {
                memory.bytes()[i] = (byte) random.nextInt(128);
                memory.floats()[i] = random.nextFloat() - 0.5f;
            }
            memories.add(memory);
        }
        int times = in * shape.outChannels() < 10_000_000 && shape.depth() < 1000 ? 50 : 1;
        for (int round = -ROUNDS / 2; round < ROUNDS; round++) {
            for (int i = 0; i < kernels.size(); i++) {
                long start = System.nanoTime();
                for (int t = 0; t < times; t++) {
                    kernels.get(i).run(memories.get(i), new int[] {0}, in);
                }
                if (round >= 0) {
                    seconds[i][round] = (System.nanoTime() - start) * 1e-9 / times;
                }
            }
        }
        return Arrays.stream(seconds).mapToDouble(s -> Arrays.stream(s).min().orElseThrow()).toArray();
    }

    private static KernelSpec int8(ConvShape shape, int largest) {
        Random random = new Random(2);
        short[] weight = new short[shape.outChannels() * shape.depth()];
        double[] channel = new double[shape.depth()];
        for (int o = 0; o < shape.outChannels(); o++) {
            Arrays.setAll(channel, _ -> random.nextGaussian());
            double most = Arrays.stream(channel).map(Math::abs).max().orElseThrow();
            for (int k = 0; k < channel.length; k++) {
                weight[o * channel.length + k] = (short) Math.rint(channel[k] / most * 127);
            }
        }
        float[] factor = new float[shape.outChannels()];
        Arrays.fill(factor, 0.001f);
        return new KernelSpec.Int8Conv(shape, 0, largest, weight,
                new Requantize(new float[factor.length], factor, 100, 0));
    }

    private static KernelSpec binary(ConvShape shape) {
        Random random = new Random(2);
        float[] weight = new float[shape.outChannels() * shape.depth()];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = random.nextFloat() - 0.5f;
        }
        return new KernelSpec.BinaryConv(shape, SignSource.float32(1), weight, new float[shape.outChannels()],
                new float[shape.outChannels()]);
    }
}
