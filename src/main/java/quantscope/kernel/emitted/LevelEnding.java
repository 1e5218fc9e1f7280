package quantscope.kernel.emitted;

import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Gp;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/** Writes the code that turns a tile's int32 sums into the output's levels. */
record LevelEnding(Tile tile) {

    /** Behind those of the sums: bounds and the zero point. */
    static final int REGISTERS = 3;

    /** level = clamp(rint((float(sum) + bias) * multiplier), low - z, 255 - z) + z, as Requantize says. */
    void store(Assembler a, Gp block, Gp out) {
        Way way = tile.way();
        Vec low = tile.weight(0);
        Vec high = tile.register(way.registers() - 1);
        Vec zero = tile.register(way.registers() - 2);
        a.emit(Op.VBROADCASTSS, low, Mem.at(block, BlockLayout.LOW));
        a.emit(Op.VBROADCASTSS, high, Mem.at(block, BlockLayout.HIGH));
        a.emit(Op.VPBROADCASTD, zero, Mem.at(block, BlockLayout.ZERO_POINT));
        tile.each((p, v) -> {
            Vec s = tile.sum(p, v);
            a.emit(Op.VCVTDQ2PS, s, s);
            a.emit(Op.VADDPS, s, s, Mem.at(block, tile.layout().bias(v)));
            a.emit(Op.VMULPS, s, s, Mem.at(block, tile.layout().factor(v)));
            // The second operand wins where the first is NaN.
            a.emit(Op.VMAXPS, s, s, low);
            a.emit(Op.VMINPS, s, s, high);
            a.emit(Op.VCVTPS2DQ, s, s);
            a.emit(Op.VPADDD, s, s, zero);
            ByteStore.emit(a, s, Mem.at(out, p * tile.outBytes() + way.lanes() * v), tile.lanes(v));
        });
    }
}
