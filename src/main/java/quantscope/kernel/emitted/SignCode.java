package quantscope.kernel.emitted;

import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/**
 * Writes the code that packs signs of floats as {@link quantscope.kernel.FloatSigns} tells them: a {@link PixelLoop} that
 * turns 32 * words floats of each pixel into as many bits, 1 for minus. Bounds are rows of the pixel's channels: what turns
 * a sign, then atMost, then atLeast.
 *
 * @param bits      of a vector: 512 compares into mask registers, 256 gathers the comparison's sign bits
 * @param words     of a pixel
 * @param zeroSign  of values without a sign of their own; where it is 0, a second row of bits gets 1 for plus
 * @param plusBytes from the first row to the second
 */
record SignCode(int bits, int words, int zeroSign, int plusBytes) {

    /** Predicates of vcmpps: at most, not at least, at least; a NaN is not at least anything. */
    private static final int AT_MOST = 0x12;
    private static final int NOT_AT_LEAST = 0x19;
    private static final int AT_LEAST = 0x1d;

    private static final int BATCH = 16;

    byte[] code(Abi abi) {
        return new PixelLoop(32 * words / BATCH, 4 * BATCH, 4 * BATCH, BATCH / 8).code(abi, a -> {
            for (int i = 0; i < BATCH * 32 / bits; i++) {
                signs(a, i);
            }
        });
    }

    /** A vector's. */
    private void signs(Assembler a, int i) {
        int row = 4 * 32 * words;
        int at = i * bits / 8;
        int to = i * bits / 32 / 8;
        Vec turned = new Vec(0, bits);
        a.emit(Op.VMOVUPS, turned, Mem.at(PixelLoop.AT, at));
        a.emit(bits == 512 ? Op.VPXORD : Op.VPXOR, turned, turned, Mem.at(PixelLoop.IN, at));
        compare(a, turned, (zeroSign < 0 ? 2 : 1) * row + at, zeroSign < 0 ? NOT_AT_LEAST : AT_MOST, to);
        if (zeroSign == 0) {
            compare(a, turned, 2 * row + at, AT_LEAST, plusBytes + to);
        }
    }

    private void compare(Assembler a, Vec values, int bounds, int predicate, int to) {
        if (bits == 512) {
            a.compare(Op.VCMPPS, 1, values, Mem.at(PixelLoop.AT, bounds), predicate);
            a.kmovw(Mem.at(PixelLoop.OUT, to), 1);
        } else {
            Vec found = new Vec(1, bits);
            a.emit(Op.VCMPPS_VEX, found, values, Mem.at(PixelLoop.AT, bounds), predicate);
            a.moveSigns(PixelLoop.FREE, found);
            a.mov8(Mem.at(PixelLoop.OUT, to), PixelLoop.FREE);
        }
    }
}
