package quantscope.kernel.emitted;

import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Gp;
import quantscope.kernel.emitted.x64.Mask;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/** Writes code that stores the lowest byte of a vector's 32-bit lanes. */
final class ByteStore {

    private static final int MASK = 1;

    private ByteStore() { }

    /** Keeps the mask of the first few of 16 lanes, where a last vector will be stored in part. */
    static void begin(Assembler a, int lanes, Gp free) {
        a.mov(free, (1 << lanes) - 1);
        a.kmovd(MASK, free);
    }

    /** The first lanes' bytes; {@code s} holds no more than bytes and is used up. */
    static void emit(Assembler a, Vec s, Mem to, int lanes) {
        int all = s.bits() / 32;
        if (s.bits() == 512) {
            a.emit(Op.VPMOVDB_STORE, s, to, lanes < all ? Mask.merging(MASK) : Mask.NONE);
            return;
        }
        a.emit(Op.VPACKSSDW, s, s, s);
        // Both halves packed into their own lower quarters: quarters 0 and 2 side by side.
        a.emit(Op.VPERMQ, s, s, 0b1000);
        Vec bytes = s.as(128);
        a.emit(Op.VPACKUSWB, bytes, bytes, bytes);
        if (lanes == all) {
            a.emit(Op.VMOVQ_STORE, bytes, to);
        } else {
            for (int i = 0; i < lanes; i++) {
                a.emit(Op.VPEXTRB_STORE, bytes, to.plus(i), i);
            }
        }
    }
}
