package quantscope.bench.jmh;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Memory;
import quantscope.kernel.Requantize;
import quantscope.kernel.SignSource;
import quantscope.run.KernelProvider;

/** AlexNet's layers, 224 x 224, one image, one thread, by precision and road. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class KernelsBenchmark {

    /** What JMH crosses. */
    public enum Layer {
        CONV1(conv(3, 224, 64, 11, 4, 2)), CONV2(conv(64, 27, 192, 5, 1, 2)), CONV3(conv(192, 13, 384, 3, 1, 1)),
        CONV4(conv(384, 13, 256, 3, 1, 1)), CONV5(conv(256, 13, 256, 3, 1, 1)), FC6(ConvShape.linear(9216, 4096)),
        FC7(ConvShape.linear(4096, 4096)), FC8(ConvShape.linear(4096, 1000));

        private final ConvShape shape;

        Layer(ConvShape shape) {
            this.shape = shape;
        }

        private static ConvShape conv(int in, int size, int out, int kernel, int stride, int pad) {
            int o = (size + 2 * pad - kernel) / stride + 1;
            return new ConvShape(in, size, size, out, o, o, kernel, kernel, stride, stride, pad, pad, 1, 1, 1);
        }
    }

    @Param
    public Layer layer;

    @Param({"fp32", "int8", "binary"})
    public String precision;

    @Param({"emitted", "vector", "scalar"})
    public String road;

    private final int[] inputs = {0};
    private int output;
    private Kernel kernel;
    private Memory memory;

    @Setup
    public void pack() {
        System.setProperty(KernelProvider.PROPERTY, road);
        Random random = new Random(1);
        ConvShape shape = layer.shape;
        kernel = KernelProvider.choose().pack(spec(shape, random));
        output = shape.inChannels() * shape.inPlane();
        int values = output + shape.outChannels() * shape.outPlane();
        memory = Memory.of(values, values, kernel.scratch());
        System.arraycopy(floats(random, output), 0, memory.floats(), 0, output);
        random.nextBytes(memory.bytes());
    }

    private KernelSpec spec(ConvShape shape, Random random) {
        float[] weight = floats(random, shape.outChannels() * shape.depth());
        float[] bias = floats(random, shape.outChannels());
        return switch (precision) {
            case "fp32" -> new KernelSpec.Conv(shape, weight, bias);
            case "int8" -> {
                short[] levels = new short[weight.length];
                for (int i = 0; i < levels.length; i++) {
                    levels[i] = (short) (weight[i] * 127);
                }
                yield new KernelSpec.Int8Conv(shape, 100, levels,
                        new Requantize(bias, floats(random, bias.length), 100, 0));
            }
            case "binary" -> new KernelSpec.BinaryConv(shape, SignSource.float32(0), weight, bias, bias);
            default -> throw new IllegalArgumentException(precision + ", expected fp32, int8 or binary");
        };
    }

    private static float[] floats(Random random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return values;
    }

    @Benchmark
    public Memory run() {
        kernel.run(memory, inputs, output);
        return memory;
    }
}
