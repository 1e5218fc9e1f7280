package quantscope.bench;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import quantscope.graph.Op;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Fused;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.Memory;
import quantscope.kernel.Requantize;
import quantscope.kernel.SignSource;

/** What one thread multiplies when everything lies in the first-level cache: the fastest of many runs, GMAC/s. */
final class Peak {

    /** What multiplies. */
    enum Arithmetic {
        FP32(256), INT8(512), BINARY(4096);

        /** A row of pixels by 32 channels: 32 KiB of fp32 weights, 16 KiB of others. */
        private final int depth;

        Arithmetic(int depth) {
            this.depth = depth;
        }

        /** A layer's, or a network's, in which most of its layers go. */
        static Arithmetic of(String precision, Optional<Op> layer) {
            boolean binary = layer.map(op -> op instanceof Op.BinaryConv2d || op instanceof Op.BinaryLinear)
                    .orElse(precision.contains("binary"));
            return binary ? BINARY : precision.startsWith("fp32") ? FP32 : INT8;
        }
    }

    private static final int TIMES = 2000;

    private static final Map<Arithmetic, Double> KNOWN = new ConcurrentHashMap<>();

    private Peak() { }

    static double of(Kernels kernels, Arithmetic arithmetic) {
        return KNOWN.computeIfAbsent(arithmetic, a -> measured(kernels, a));
    }

    private static double measured(Kernels kernels, Arithmetic arithmetic) {
        ConvShape shape = new ConvShape(arithmetic.depth, 1, 14, 32, 1, 14, 1, 1, 1, 1, 0, 0, 1, 1, 1);
        float[] zeros = new float[shape.outChannels()];
        int weights = shape.outChannels() * shape.depth();
        Kernel kernel = switch (arithmetic) {
            case FP32 -> kernels.pack(new KernelSpec.Conv(shape, new float[weights], zeros));
            case INT8 -> kernels.pack(new KernelSpec.Int8Conv(shape, 0, new short[weights],
                    new Requantize(zeros, zeros, 0, 0)));
            case BINARY -> ofBits(kernels, kernels.pack(new KernelSpec.BinaryConv(shape, SignSource.int8(0, 1),
                    new float[weights], zeros, zeros)));
        };
        int in = shape.inChannels() * shape.inPlane();
        Memory memory = Memory.of(in + 1024, in + 1024, kernel.scratch());
        int[] inputs = {0};
        double best = 0;
        for (int round = 0; round < 30; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < TIMES; i++) {
                kernel.run(memory, inputs, in);
            }
            best = Math.max(best, (double) TIMES * weights * shape.outPlane() / (System.nanoTime() - start));
        }
        return best;
    }

    /** Reads bits where the road has such a kernel, so that making them does not count. */
    private static Kernel ofBits(Kernels kernels, Kernel layer) {
        return kernels.fuse(layer, new Fused(new Fused.Input.Bits(), new Fused.Output.Floats(List.of()))).orElse(layer);
    }
}
