package quantscope.bench;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.factory.ops.NDCNN;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.Memory;
import quantscope.kernel.Requantize;
import quantscope.kernel.SignSource;
import quantscope.run.KernelProvider;

/**
 * AlexNet's convolutions (224 x 224): our fp32, int8 and binary kernels and ND4J's fp32 conv2d, one thread, taking
 * turns in one run; medians. Prints GMAC/s and ours over ND4J's.
 */
public final class ConvBench {

    private static final int ROUNDS = 15;

    private record Layer(String name, int in, int size, int out, int kernel, int stride, int pad) {

        ConvShape shape() {
            int o = (size + 2 * pad - kernel) / stride + 1;
            return new ConvShape(in, size, size, out, o, o, kernel, kernel, stride, stride, pad, pad, 1, 1, 1);
        }

        double macs() {
            ConvShape s = shape();
            return (double) s.depth() * s.outChannels() * s.outPlane();
        }
    }

    private ConvBench() { }

    public static void main(String[] args) {
        Kernels kernels = KernelProvider.choose();
        System.out.println("kernels: " + kernels.description() + ", one thread, GMAC/s");
        System.out.printf("%-6s %8s %8s %8s %8s %8s %10s%n", "layer", "fp32", "nd4j", "int8", "binary", "ratio",
                "difference");
        for (Layer layer : new Layer[] {
            new Layer("conv1", 3, 224, 64, 11, 4, 2), new Layer("conv2", 64, 27, 192, 5, 1, 2),
            new Layer("conv3", 192, 13, 384, 3, 1, 1), new Layer("conv4", 384, 13, 256, 3, 1, 1),
            new Layer("conv5", 256, 13, 256, 3, 1, 1)}) {
            run(kernels, layer);
        }
    }

    private static void run(Kernels kernels, Layer layer) {
        Random random = new Random(1);
        ConvShape shape = layer.shape();
        int inSize = shape.inChannels() * shape.inPlane();
        int outSize = shape.outChannels() * shape.outPlane();
        float[] image = floats(random, inSize);
        float[] weight = floats(random, shape.outChannels() * shape.depth());
        float[] bias = floats(random, shape.outChannels());
        short[] levels = new short[weight.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (short) (weight[i] * 127);
        }
        Requantize requantize = new Requantize(bias, floats(random, bias.length), 100, 0);
        Kernel[] ours = {kernels.pack(new KernelSpec.Conv(shape, weight, bias)),
            kernels.pack(new KernelSpec.Int8Conv(shape, 100, levels, requantize)),
            kernels.pack(new KernelSpec.BinaryConv(shape, SignSource.float32(0), weight, bias, bias))};
        Memory[] memories = new Memory[ours.length];
        for (int i = 0; i < ours.length; i++) {
            memories[i] = Memory.of(inSize + outSize, inSize + outSize, ours[i].scratch());
            System.arraycopy(image, 0, memories[i].floats(), 0, inSize);
            random.nextBytes(memories[i].bytes());
        }
        Supplier<INDArray> theirs = theirs(layer, image, weight, bias);
        int[] inputs = {0};
        double[][] seconds = new double[ours.length + 1][ROUNDS];
        INDArray result = theirs.get();
        for (int warm = 0; warm < 4; warm++) {
            measure(ours, memories, inputs, inSize, theirs, seconds, ROUNDS);
        }
        double difference = 0;
        float[] expected = result.dup('c').data().asFloat();
        for (int i = 0; i < outSize; i++) {
            difference = Math.max(difference, Math.abs(expected[i] - memories[0].floats()[inSize + i]));
        }
        double[] speed = Arrays.stream(seconds).mapToDouble(s -> layer.macs() / median(s) / 1e9).toArray();
        System.out.printf("%-6s %8.1f %8.1f %8.1f %8.1f %7.2fx %10.1e%n", layer.name(), speed[0], speed[3], speed[1],
                speed[2], speed[0] / speed[3], difference);
    }

    private static void measure(Kernel[] ours, Memory[] memories, int[] inputs, int output, Supplier<INDArray> theirs,
                                double[][] seconds, int rounds) {
        for (int r = 0; r < rounds; r++) {
            for (int i = 0; i < ours.length; i++) {
                long start = System.nanoTime();
                ours[i].run(memories[i], inputs, output);
                seconds[i][r] = (System.nanoTime() - start) * 1e-9;
            }
            long start = System.nanoTime();
            theirs.get();
            seconds[ours.length][r] = (System.nanoTime() - start) * 1e-9;
        }
    }

    private static Supplier<INDArray> theirs(Layer layer, float[] image, float[] weight, float[] bias) {
        NDCNN cnn = Nd4j.cnn();
        Conv2DConfig config = Conv2DConfig.builder().kH(layer.kernel()).kW(layer.kernel()).sH(layer.stride())
                .sW(layer.stride()).pH(layer.pad()).pW(layer.pad()).dataFormat("NCHW").build();
        INDArray x = Nd4j.create(image, 1, layer.in(), layer.size(), layer.size());
        INDArray w = Nd4j.create(weight, layer.out(), layer.in(), layer.kernel(), layer.kernel())
                .permute(2, 3, 1, 0).dup('c');
        INDArray b = Nd4j.create(bias, bias.length);
        return () -> cnn.conv2d(x, w, b, config);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static float[] floats(Random random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return values;
    }
}
