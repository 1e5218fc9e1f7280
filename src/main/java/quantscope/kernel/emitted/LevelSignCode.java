package quantscope.kernel.emitted;

import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/**
 * {@link SignCode} for levels, as {@link quantscope.kernel.LevelSigns} tells their signs, with AVX2. Bounds are rows of
 * bytes for the pixel's channels: a bound and what turns the comparison's result, for minus; then the same for plus.
 *
 * @param words     of a pixel
 * @param plus      whether a second row of bits gets 1 for plus
 * @param plusBytes from the first row to the second
 */
record LevelSignCode(int words, boolean plus, int plusBytes) {

    private static final int BATCH = 32;
    private static final Vec LEVELS = Vec.ymm(0);
    private static final Vec FOUND = Vec.ymm(1);

    byte[] code(Abi abi) {
        return new PixelLoop(words, BATCH, BATCH, BATCH / 8).code(abi, a -> {
            a.emit(Op.VMOVUPS, LEVELS, Mem.at(PixelLoop.IN, 0));
            signs(a, 0, 0);
            if (plus) {
                signs(a, 2, plusBytes);
            }
        });
    }

    private void signs(Assembler a, int row, int to) {
        // At most the bound: the smaller one of both is the level itself.
        a.emit(Op.VPMINUB, FOUND, LEVELS, Mem.at(PixelLoop.AT, row * BATCH * words));
        a.emit(Op.VPCMPEQB, FOUND, FOUND, LEVELS);
        a.emit(Op.VPXOR, FOUND, FOUND, Mem.at(PixelLoop.AT, (row + 1) * BATCH * words));
        a.moveByteSigns(PixelLoop.FREE, FOUND);
        a.mov32(Mem.at(PixelLoop.OUT, to), PixelLoop.FREE);
    }
}
