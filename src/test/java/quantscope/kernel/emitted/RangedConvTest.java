package quantscope.kernel.emitted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.Memory;
import quantscope.kernel.Requantize;
import quantscope.kernel.scalar.ScalarKernels;

class RangedConvTest {

    private static final int FROM = 3;
    private final ConvShape shape = new ConvShape(19, 7, 5, 24, 7, 5, 3, 3, 1, 1, 1, 1, 1, 1, 1);
    private final int values = 19 * 7 * 5;

    private static Kernels avx2() {
        Map<String, Kernels> roads = EmittedRoads.all().entrySet().stream().filter(e -> e.getKey().contains("DOUBLED_256, P"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        Assumptions.assumeFalse(roads.isEmpty(), "needs AVX2");
        return roads.values().iterator().next();
    }

    /** Some weights are large: of four neighbours rarely two. */
    private KernelSpec.Int8Conv spec(int zeroPoint, int largest) {
        Random random = new Random(5);
        short[] weight = new short[24 * 19 * 9];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (short) Math.clamp(Math.round(random.nextGaussian() * 32), -128, 127);
        }
        float[] factor = new float[24];
        Arrays.fill(factor, 0.0007f);
        return new KernelSpec.Int8Conv(shape, zeroPoint, largest, weight, new Requantize(new float[24], factor, 120, 0));
    }

    @Test
    void everyImageIsExactWhereverItsLargestLevelStands() {
        KernelSpec.Int8Conv spec = spec(7, 255);
        Kernel kernel = avx2().pack(spec);
        assertTrue(kernel.way().contains("; above 127: "), kernel.way());
        for (int large : new int[] {-1, 0, 1, 8, 511, 512, values - 1}) {
            for (int level : new int[] {128, 255}) {
                assertExact(spec, kernel, large, level);
            }
        }
    }

    @Test
    void whatCannotBeReducedIsPackedOnce() {
        assertFalse(avx2().pack(spec(128, 255)).way().contains("above"));
        assertFalse(avx2().pack(spec(0, 127)).way().contains("above"));
        assertExact(spec(128, 255), avx2().pack(spec(128, 255)), 5, 200);
    }

    private void assertExact(KernelSpec.Int8Conv spec, Kernel kernel, int large, int level) {
        Random random = new Random(large);
        byte[] levels = new byte[values];
        for (int i = 0; i < values; i++) {
            levels[i] = (byte) (random.nextBoolean() ? 127 : random.nextInt(128));
        }
        if (large >= 0) {
            levels[large] = (byte) level;
        }
        assertArrayEquals(run(new ScalarKernels().pack(spec), levels), run(kernel, levels), level + " at " + large);
    }

    private byte[] run(Kernel kernel, byte[] levels) {
        Memory memory = Memory.of(0, FROM + 2 * 24 * 35, kernel.scratch());
        System.arraycopy(levels, 0, memory.bytes(), FROM, values);
        kernel.run(memory, new int[] {FROM}, FROM + values);
        return memory.bytes();
    }
}
