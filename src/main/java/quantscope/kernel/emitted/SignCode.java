package quantscope.kernel.emitted;

import java.util.List;
import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Condition;
import quantscope.kernel.emitted.x64.Gp;
import quantscope.kernel.emitted.x64.Label;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/**
 * Writes the code that packs signs of floats: f(in, out, inOffset, outOffset, count) turns 16 * count floats into as many
 * bits, 1 for minus.
 *
 * @param zeroSign  of 0 and NaN; where it is 0, a second row of bits says what has a sign at all
 * @param maskBytes from the first row to the second
 */
record SignCode(int zeroSign, int maskBytes) {

    private static final int FLOATS = 16;

    /** Predicates of vcmpps with 0 on the left: 0 > x, which no NaN is; not 0 < x; ordered and not equal. */
    static final int ABOVE = 0x1e;
    static final int NOT_BELOW = 0x15;
    static final int UNEQUAL = 0x0c;

    byte[] code(Abi abi) {
        Assembler a = new Assembler();
        abi.argument(a, 0, Gp.R10);
        abi.argument(a, 1, Gp.R11);
        a.add(Gp.R10, abi.argument(2));
        a.add(Gp.R11, abi.argument(3));
        abi.argument(a, 4, Gp.RAX);
        Vec zero = Vec.zmm(0);
        a.emit(Op.VPXORD, zero, zero, zero);
        Label start = new Label();
        a.bind(start);
        a.compare(Op.VCMPPS, 1, zero, Mem.at(Gp.R10, 0), zeroSign < 0 ? NOT_BELOW : ABOVE);
        a.kmovw(Mem.at(Gp.R11, 0), 1);
        if (zeroSign == 0) {
            a.compare(Op.VCMPPS, 2, zero, Mem.at(Gp.R10, 0), UNEQUAL);
            a.kmovw(Mem.at(Gp.R11, maskBytes), 2);
        }
        a.add(Gp.R10, 4 * FLOATS);
        a.add(Gp.R11, FLOATS / 8);
        a.sub(Gp.RAX, 1);
        a.jump(Condition.NOT_EQUAL, start);
        abi.leave(a, List.of(), 1);
        return a.code();
    }

    /** Floats that are packed at a time. */
    static int floats() {
        return FLOATS;
    }
}
