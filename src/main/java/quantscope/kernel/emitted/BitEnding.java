package quantscope.kernel.emitted;

import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Gp;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/** Writes the code that makes bits of a tile's sums: 1 where (sum ^ turned) < below, a vector of channels at a time. */
record BitEnding(Tile tile) {

    /** Predicate of vpcmpd. */
    private static final int LESS = 1;
    private static final int MASK = 2;

    void store(Assembler a, Gp block, Gp out, Gp free) {
        int vectorBytes = tile.way().lanes() / 8;
        boolean wide = tile.way().bits() == 512;
        for (int v = 0; v < tile.vectors(); v++) {
            Mem below = Mem.at(block, tile.layout().below(v));
            Mem turned = Mem.at(block, tile.layout().turned(v));
            for (int p = 0; p < tile.pixels(); p++) {
                Vec s = tile.sum(p, v);
                Mem to = Mem.at(out, p * tile.outBytes() + v * vectorBytes);
                if (wide) {
                    a.emit(Op.VPXORD, s, s, turned);
                    a.compare(Op.VPCMPD, MASK, s, below, LESS);
                    a.kmovw(to, MASK);
                } else {
                    Vec bound = tile.weight(0);
                    a.emit(Op.VPXOR, s, s, turned);
                    a.emit(Op.VMOVUPS, bound, below);
                    a.emit(Op.VPCMPGTD, bound, bound, s);
                    a.moveSigns(free, bound);
                    a.mov8(to, free);
                }
            }
        }
    }
}
