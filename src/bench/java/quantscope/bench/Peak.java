package quantscope.bench;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.Memory;
import quantscope.kernel.Requantize;

/** What one thread multiplies when everything lies in the first-level cache: the fastest of many runs, GMAC/s. */
final class Peak {

    /** A row of pixels by 32 channels: 32 KiB of fp32 weights, 16 KiB of int8 ones. */
    private static final Map<String, Integer> DEPTHS = Map.of("fp32", 256, "int8", 512);
    private static final int TIMES = 2000;

    private static final Map<String, Double> KNOWN = new ConcurrentHashMap<>();

    private Peak() { }

    static double of(Kernels kernels, String precision) {
        return KNOWN.computeIfAbsent(precision.startsWith("fp32") ? "fp32" : "int8", p -> measured(kernels, p));
    }

    private static double measured(Kernels kernels, String precision) {
        ConvShape shape = new ConvShape(DEPTHS.get(precision), 1, 14, 32, 1, 14, 1, 1, 1, 1, 0, 0, 1, 1, 1);
        float[] zeros = new float[shape.outChannels()];
        int weights = shape.outChannels() * shape.depth();
        Kernel kernel = kernels.pack(precision.equals("fp32") ? new KernelSpec.Conv(shape, new float[weights], zeros)
                : new KernelSpec.Int8Conv(shape, 0, new short[weights], new Requantize(zeros, zeros, 0, 0)));
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
}
