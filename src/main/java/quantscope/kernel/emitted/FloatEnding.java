package quantscope.kernel.emitted;

import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Gp;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/** Writes the code that computes what is fused behind a tile's fp32 sums. */
record FloatEnding(Tile tile) {

    /** @param ofSigns whether the sums are integers, of signs */
    void compute(Assembler a, Gp block, boolean ofSigns) {
        if (ofSigns) {
            scale(a, block);
        }
        for (Ending.After step : tile.ending().after()) {
            switch (step) {
                case NORM -> norm(a, block);
                case RELU -> relu(a);
            }
        }
    }

    /** Times alpha, plus bias, each operation rounded. */
    private void scale(Assembler a, Gp block) {
        tile.each((p, v) -> {
            Vec s = tile.sum(p, v);
            a.emit(Op.VCVTDQ2PS, s, s);
            a.emit(Op.VMULPS, s, s, Mem.at(block, tile.layout().factor(v)));
            a.emit(Op.VADDPS, s, s, Mem.at(block, tile.layout().bias(v)));
        });
    }

    private void norm(Assembler a, Gp block) {
        for (int v = 0; v < tile.vectors(); v++) {
            a.emit(Op.VMOVUPS, tile.weight(v), Mem.at(block, tile.layout().normFactor(v)));
        }
        tile.each((p, v) -> a.emit(Op.VFMADD213PS, tile.sum(p, v), tile.weight(v),
                Mem.at(block, tile.layout().normOffset(v))));
    }

    private void relu(Assembler a) {
        Vec zero = tile.weight(0);
        a.emit(tile.way().bits() == 512 ? Op.VPXORD : Op.VPXOR, zero, zero, zero);
        tile.each((p, v) -> {
            // The second operand wins where it is NaN; -0 + 0 is 0.
            a.emit(Op.VMAXPS, tile.sum(p, v), zero, tile.sum(p, v));
            a.emit(Op.VADDPS, tile.sum(p, v), tile.sum(p, v), zero);
        });
    }
}
