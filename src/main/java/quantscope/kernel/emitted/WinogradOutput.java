package quantscope.kernel.emitted;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.IntStream;
import quantscope.kernel.Requantize;
import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Gp;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/**
 * Writes code that takes a tile's sums at its points, int32, to levels of its output pixels.
 *
 * <p>What the matrices leave is the scale times the sum, modulo 2^32. Times the inverse of the scale's odd part that is 2^n
 * times the sum, exactly; in fp32, where powers of two come and go without rounding, it becomes the sum.
 *
 * @param bits      of vectors
 * @param height    of the tile, in output pixels
 * @param vectors   of output channels
 * @param lastLanes channels of the last vector that are stored
 * @param outRow    bytes from an output pixel to the one below
 * @param outPixel  bytes from an output pixel to the next
 */
record WinogradOutput(int bits, int height, int width, int vectors, int lastLanes, int outRow, int outPixel,
                      WinogradLayout layout) {

    private static final int[] SIZES = {2, 3, 4};

    /** Vectors that hold one number each, or a number for each channel. */
    private static final int LOW = 0;
    private static final int HIGH = 1;
    private static final int ZERO_POINT = 2;
    /** By the odd parts of both scales. */
    private static final int INVERSE = 3;
    /** By half the powers of two of both scales, and so are the sums' beginnings. */
    private static final int POWER = INVERSE + 3;
    private static final int POWERS = 4;
    private static final int FACTORS = POWER + POWERS;
    private static final int OF_CHANNELS = FACTORS + factors().size();
    private static final int BIAS = 0;
    private static final int MULTIPLIER = 1;
    private static final int INITIAL = 2;
    private static final int EACH = INITIAL + POWERS;

    byte[] code(Abi abi) {
        WinogradMatrices rows = new WinogradMatrices(height);
        WinogradMatrices columns = new WinogradMatrices(width);
        int[][] down = rows.output();
        int[][] across = columns.output();
        int points = columns.points();
        int vectorBytes = bits / 8;
        List<Vec> in = IntStream.range(0, WinogradMatrices.MOST_POINTS).mapToObj(i -> new Vec(i, bits)).toList();
        Vec sum = new Vec(in.size(), bits);
        Vec product = new Vec(in.size() + 1, bits);
        LinearForms forms = new LinearForms(false, c -> constant(FACTORS + factors().indexOf(c)));
        WinogradFrame frame = new WinogradFrame(height * points * vectorBytes, product.index() + 1);
        Assembler a = new Assembler();
        frame.begin(a, abi);
        if (bits == 512 && lastLanes < bits / 32) {
            ByteStore.begin(a, lastLanes, WinogradFrame.COUNT);
        }
        for (int v = 0; v < vectors; v++) {
            for (int j = 0; j < points; j++) {
                for (int i = 0; i < rows.points(); i++) {
                    a.emit(Op.VMOVUPS, in.get(i), WinogradFrame.value(layout, i, j).plus(v * vectorBytes));
                }
                for (int k = 0; k < height; k++) {
                    a.emit(Op.VMOVUPS_STORE, forms.emit(a, down[k], in, sum, product),
                            Mem.at(WinogradFrame.TEMPORARY, (k * points + j) * vectorBytes));
                }
            }
            for (int k = 0; k < height; k++) {
                for (int j = 0; j < points; j++) {
                    a.emit(Op.VMOVUPS, in.get(j), Mem.at(WinogradFrame.TEMPORARY, (k * points + j) * vectorBytes));
                }
                for (int l = 0; l < width; l++) {
                    level(a, forms.emit(a, across[l], in, sum, product), sum, v);
                    ByteStore.emit(a, sum, Mem.at(WinogradFrame.PLAIN, k * outRow + l * outPixel + bits / 32 * v),
                            v == vectors - 1 ? lastLanes : bits / 32);
                }
            }
        }
        frame.end(a, abi);
        return a.code();
    }

    /** level = clamp(rint((float(sum) + bias) * multiplier), low - z, 255 - z) + z, as Requantize says. */
    private void level(Assembler a, Vec scaled, Vec s, int v) {
        WinogradMatrices rows = new WinogradMatrices(height);
        WinogradMatrices columns = new WinogradMatrices(width);
        int power = (rows.twos() + columns.twos()) / 2;
        a.emit(Op.VPMULLD, s, scaled, constant(INVERSE + odd(rows) + odd(columns)));
        a.emit(Op.VPADDD, s, s, ofChannels(v, INITIAL + power));
        a.emit(Op.VCVTDQ2PS, s, s);
        a.emit(Op.VMULPS, s, s, constant(POWER + power));
        a.emit(Op.VADDPS, s, s, ofChannels(v, BIAS));
        a.emit(Op.VMULPS, s, s, ofChannels(v, MULTIPLIER));
        // The second operand wins where the first is NaN.
        a.emit(Op.VMAXPS, s, s, constant(LOW));
        a.emit(Op.VMINPS, s, s, constant(HIGH));
        a.emit(Op.VCVTPS2DQ, s, s);
        a.emit(Op.VPADDD, s, s, constant(ZERO_POINT));
    }

    /** 0 where a scale is a power of two, else 1: then its odd part is 3. */
    private static int odd(WinogradMatrices matrices) {
        return matrices.scale() >> matrices.twos() == 1 ? 0 : 1;
    }

    private static List<Integer> factors() {
        SortedSet<Integer> all = LinearForms.factors(IntStream.of(SIZES).mapToObj(m -> new WinogradMatrices(m).output())
                .toArray(int[][][]::new));
        return new ArrayList<>(all);
    }

    private Mem constant(int slot) {
        return Mem.at(WinogradFrame.CONSTANTS, slot * (bits / 8));
    }

    private Mem ofChannels(int v, int slot) {
        return constant(OF_CHANNELS + v * EACH + slot);
    }

    /** Bytes of the constants of some vectors of channels. */
    static long bytes(int bits, int vectors) {
        return (long) (OF_CHANNELS + vectors * EACH) * (bits / 8);
    }

    /** Writes what belongs to no channel. */
    static void constants(MemorySegment block, int bits, Requantize to) {
        fill(block, bits, LOW, Float.floatToIntBits(to.low() - to.zeroPoint()));
        fill(block, bits, HIGH, Float.floatToIntBits(255 - to.zeroPoint()));
        fill(block, bits, ZERO_POINT, to.zeroPoint());
        int three = new WinogradMatrices(3).inverse();
        fill(block, bits, INVERSE, 1);
        fill(block, bits, INVERSE + 1, three);
        fill(block, bits, INVERSE + 2, three * three);
        for (int power = 0; power < POWERS; power++) {
            fill(block, bits, POWER + power, Float.floatToIntBits(Math.scalb(1f, -2 * power)));
        }
        for (int i = 0; i < factors().size(); i++) {
            fill(block, bits, FACTORS + i, factors().get(i));
        }
    }

    private static void fill(MemorySegment block, int bits, int slot, int number) {
        for (int lane = 0; lane < bits / 32; lane++) {
            block.set(ValueLayout.JAVA_INT, (long) slot * (bits / 8) + 4L * lane, number);
        }
    }

    /** Writes what belongs to a channel: {@code initial} is what its sums begin with. */
    static void channel(MemorySegment block, int bits, int channel, int initial, float bias, float multiplier) {
        int lanes = bits / 32;
        long at = (long) (OF_CHANNELS + channel / lanes * EACH) * (bits / 8) + 4L * (channel % lanes);
        block.set(ValueLayout.JAVA_FLOAT, at + (long) BIAS * (bits / 8), bias);
        block.set(ValueLayout.JAVA_FLOAT, at + (long) MULTIPLIER * (bits / 8), multiplier);
        for (int power = 0; power < POWERS; power++) {
            block.set(ValueLayout.JAVA_INT, at + (long) (INITIAL + power) * (bits / 8), initial << 2 * power);
        }
    }
}
