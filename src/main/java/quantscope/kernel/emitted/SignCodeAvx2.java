package quantscope.kernel.emitted;

import java.util.List;
import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Condition;
import quantscope.kernel.emitted.x64.Gp;
import quantscope.kernel.emitted.x64.Label;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/** {@link SignCode} for CPUs without mask registers: the comparison's sign bits are gathered, 8 at a time. */
record SignCodeAvx2(int zeroSign, int maskBytes) {

    private static final int LANES = 8;

    byte[] code(Abi abi) {
        Assembler a = new Assembler();
        abi.argument(a, 0, Gp.R10);
        abi.argument(a, 1, Gp.R11);
        a.add(Gp.R10, abi.argument(2));
        a.add(Gp.R11, abi.argument(3));
        abi.argument(a, 4, Gp.RAX);
        // By now all arguments were read.
        Vec zero = Vec.ymm(0);
        a.emit(Op.VPXOR, zero, zero, zero);
        Label start = new Label();
        a.bind(start);
        for (int i = 0; i < SignCode.floats() / LANES; i++) {
            signs(a, zero, i, zeroSign < 0 ? SignCode.NOT_BELOW : SignCode.ABOVE, i);
            if (zeroSign == 0) {
                signs(a, zero, i, SignCode.UNEQUAL, maskBytes + i);
            }
        }
        a.add(Gp.R10, 4 * SignCode.floats());
        a.add(Gp.R11, SignCode.floats() / 8);
        a.sub(Gp.RAX, 1);
        a.jump(Condition.NOT_EQUAL, start);
        abi.leave(a, List.of(), 2);
        return a.code();
    }

    private static void signs(Assembler a, Vec zero, int eight, int predicate, int to) {
        Vec found = Vec.ymm(1);
        a.emit(Op.VCMPPS_VEX, found, zero, Mem.at(Gp.R10, 4 * LANES * eight), predicate);
        a.moveSigns(Gp.RDX, found);
        a.mov8(Mem.at(Gp.R11, to), Gp.RDX);
    }
}
