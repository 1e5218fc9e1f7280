package quantscope.kernel.emitted;

import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Gp;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/**
 * Steps for CPUs without vpopcntd: the signs that differ are counted in bytes, by looking up both halves of each, and the
 * bytes are added to the int32 sums before they overflow.
 *
 * <p>Of 16 registers, sums have the first, then come as many for bytes, the weights, constants, pixel and mask, products.
 *
 * @param pixelBytes from a pixel to the next
 * @param maskBytes  from a pixel to its mask
 */
record CountingSteps(int pixels, int vectors, int pixelBytes, int maskBytes, Gp row, Gp weight) {

    /** Steps whose counts, of 8 at most, a byte holds. */
    static final int MOST = 31;

    private static final Vec UPPER = Vec.ymm(15);
    private static final Vec LOWER = Vec.ymm(14);
    private static final Vec PIXEL = Vec.ymm(13);
    private static final Vec MASK = Vec.ymm(12);
    private static final Vec ONES = Vec.ymm(11);
    private static final Vec NIBBLE = Vec.ymm(10);
    private static final int VECTOR_BYTES = 32;

    /** Pixels that fit beside this many vectors of channels. */
    static int pixels(int vectors) {
        return (NIBBLE.index() - vectors) / (2 * vectors);
    }

    void begin(Assembler a, Gp block) {
        a.emit(Op.VBROADCASTI128, ONES, Mem.at(block, BlockLayout.NIBBLE_ONES));
        a.emit(Op.VPBROADCASTD, NIBBLE, Mem.at(block, BlockLayout.NIBBLE));
        for (int i = 0; i < pixels * vectors; i++) {
            clear(a, bytes(i));
        }
    }

    void steps(Assembler a, int n) {
        for (int u = 0; u < n; u++) {
            for (int v = 0; v < vectors; v++) {
                a.emit(Op.VMOVUPS, weights(v), Mem.at(weight, VECTOR_BYTES * (u * vectors + v)));
            }
            for (int p = 0; p < pixels; p++) {
                a.emit(Op.VPBROADCASTD, PIXEL, Mem.at(row, p * pixelBytes + 4 * u));
                a.emit(Op.VPBROADCASTD, MASK, Mem.at(row, maskBytes + p * pixelBytes + 4 * u));
                for (int v = 0; v < vectors; v++) {
                    count(a, bytes(p * vectors + v), weights(v));
                }
            }
        }
        a.add(weight, VECTOR_BYTES * n * vectors);
        a.add(row, 4 * n);
    }

    private void count(Assembler a, Vec bytes, Vec weights) {
        a.emit(Op.VPXOR, LOWER, PIXEL, weights);
        a.emit(Op.VPAND, LOWER, LOWER, MASK);
        a.shiftRightWords(UPPER, LOWER, 4);
        a.emit(Op.VPAND, LOWER, LOWER, NIBBLE);
        a.emit(Op.VPAND, UPPER, UPPER, NIBBLE);
        a.emit(Op.VPSHUFB, LOWER, ONES, LOWER);
        a.emit(Op.VPSHUFB, UPPER, ONES, UPPER);
        a.emit(Op.VPADDB, bytes, bytes, LOWER);
        a.emit(Op.VPADDB, bytes, bytes, UPPER);
    }

    /** Adds the bytes to the sums. */
    void flush(Assembler a, Gp block) {
        a.emit(Op.VPBROADCASTD, PIXEL, Mem.at(block, BlockLayout.ONE_BYTES));
        a.emit(Op.VPBROADCASTD, MASK, Mem.at(block, BlockLayout.ONE_WORDS));
        for (int i = 0; i < pixels * vectors; i++) {
            Vec sum = Vec.ymm(i);
            a.emit(Op.VPMADDUBSW, LOWER, bytes(i), PIXEL);
            a.emit(Op.VPMADDWD, LOWER, LOWER, MASK);
            a.emit(Op.VPADDD, sum, sum, LOWER);
            clear(a, bytes(i));
        }
    }

    private static void clear(Assembler a, Vec register) {
        a.emit(Op.VPXOR, register, register, register);
    }

    private Vec bytes(int sum) {
        return Vec.ymm(pixels * vectors + sum);
    }

    private Vec weights(int vector) {
        return Vec.ymm(2 * pixels * vectors + vector);
    }
}
