package quantscope.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import quantscope.kernel.scalar.ScalarKernels;

class LevelBoundTest {

    private static final byte[] CLIP = table(3, 120);
    private static final byte[] NEGATE = table(0, 255, true);

    @Test
    void aClipBoundsAndWhatMovesLevelsKeepsTheBound() {
        assertEquals(120, LevelBound.of(new KernelSpec.Int8Map(9, CLIP), 255));
        assertEquals(40, LevelBound.of(new KernelSpec.Int8Map(9, CLIP), 40));
        assertEquals(255, LevelBound.of(new KernelSpec.Int8Map(9, NEGATE), 40));
        Channels channels = new Channels(3, 3);
        assertEquals(77, LevelBound.of(new KernelSpec.Reorder(true, channels, channels), 77));
        assertEquals(80, LevelBound.of(new KernelSpec.Int8AdaptiveAvgPool(2, 4, 4, 1, 1, 80, 0), 77));
        byte[][][] tables = {{CLIP, CLIP}, {NEGATE, CLIP}};
        assertEquals(255, LevelBound.of(new KernelSpec.Int8Concat(1, new int[] {1, 1}, new int[2], tables), 255, 255));
        tables[1][0] = CLIP;
        assertEquals(120, LevelBound.of(new KernelSpec.Int8Concat(1, new int[] {1, 1}, new int[2], tables), 255, 255));
    }

    @Test
    void aMeanOfManyRealValuesMayRoundAboveTheLargest() {
        assertEquals(237, mean(396));
        assertEquals(LevelBound.NONE, LevelBound.of(pool(396), 236));
        assertEquals(236, mean(181));
        assertEquals(236, LevelBound.of(pool(181), 236));
    }

    private static KernelSpec.RealAvgPool pool(int side) {
        return new KernelSpec.RealAvgPool(new PoolShape(1, side, side, 1, 1, side, side, side, side, 0, 0, 0, 0, 1, 1), false,
                0.05596823f, 16, 0.05596823f, 16);
    }

    /** Of so many pixels of 236. */
    private static int mean(int side) {
        Kernel kernel = new ScalarKernels().pack(pool(side));
        Memory memory = Memory.of(0, side * side + 1, kernel.scratch());
        Arrays.fill(memory.bytes(), 0, side * side, (byte) 236);
        kernel.run(memory, new int[] {0}, side * side);
        return memory.bytes()[side * side] & 0xff;
    }

    @Test
    void whatQuantizesMayGiveEveryLevel() {
        assertEquals(255, LevelBound.of(new KernelSpec.Quantize(9, 1, 0), 1));
        assertEquals(255, LevelBound.of(conv(), 1));
    }

    @Test
    void aConvolutionsBoundCountsItsPadding() {
        assertEquals(90, ((KernelSpec.Int8Conv) LevelBound.bounded(conv(), 90)).largestLevel());
        assertEquals(50, ((KernelSpec.Int8Conv) LevelBound.bounded(conv(), 3)).largestLevel());
        KernelSpec.Rows rows = (KernelSpec.Rows) LevelBound.bounded(new KernelSpec.Rows(2, 4, 1, conv()), 90);
        assertEquals(90, ((KernelSpec.Int8Conv) rows.inner()).largestLevel());
    }

    private static KernelSpec.Int8Conv conv() {
        return new KernelSpec.Int8Conv(ConvShape.linear(4, 1), 50, new short[4],
                new Requantize(new float[1], new float[1], 0, 0));
    }

    private static byte[] table(int low, int high) {
        return table(low, high, false);
    }

    private static byte[] table(int low, int high, boolean negated) {
        byte[] table = new byte[256];
        for (int q = 0; q < 256; q++) {
            table[q] = (byte) Math.clamp(negated ? 255 - q : q, low, high);
        }
        return table;
    }
}
