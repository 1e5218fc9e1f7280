package quantscope.kernel.emitted;

import java.util.List;
import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Gp;
import quantscope.kernel.emitted.x64.Mem;

/**
 * What both transforms' code begins and ends with: f(plain, points, constants, plainOffset, offset0, offset1, offset2),
 * where {@code plain} has pixels and {@code points} a {@link WinogradLayout}'s values, whose three cases begin at their
 * own offsets.
 *
 * @param temporary bytes on the stack, 4 KiB at most
 */
record WinogradFrame(int temporary, int vectors) {

    static final Gp PLAIN = Gp.R10;
    static final Gp CONSTANTS = Gp.RAX;
    static final Gp TEMPORARY = Gp.R11;
    static final Gp COUNT = Gp.RBX;
    private static final List<Gp> CASES = List.of(Gp.RCX, Gp.R8, Gp.R9);
    private static final Gp STACK = Gp.RBP;
    private static final List<Gp> USED = List.of(COUNT, STACK);

    void begin(Assembler a, Abi abi) {
        abi.argument(a, 0, PLAIN);
        abi.argument(a, 1, Gp.R11);
        abi.argument(a, 2, CONSTANTS);
        // Each number's register was read by the time it is written; what is on the stack has not moved yet.
        a.add(PLAIN, abi.argument(3));
        for (int i = 0; i < CASES.size(); i++) {
            abi.argument(a, 4 + i, CASES.get(i));
            a.add(CASES.get(i), Gp.R11);
        }
        abi.enter(a, USED, vectors);
        a.mov(STACK, Gp.RSP);
        a.sub(Gp.RSP, temporary + CacheLine.BYTES);
        a.lea(TEMPORARY, Mem.at(Gp.RSP, CacheLine.BYTES - 1));
        a.and(TEMPORARY, -CacheLine.BYTES);
    }

    void end(Assembler a, Abi abi) {
        a.mov(Gp.RSP, STACK);
        abi.leave(a, USED, vectors);
    }

    /** A tile's value at a pair of points. */
    static Mem value(WinogradLayout layout, int rowPoint, int columnPoint) {
        return Mem.at(CASES.get(WinogradLayout.of(columnPoint)), layout.at(rowPoint, columnPoint));
    }

    /** Leads on to the next channels. */
    static void advance(Assembler a, int plainBytes, int valueBytes) {
        a.add(PLAIN, plainBytes);
        CASES.forEach(g -> a.add(g, valueBytes));
    }
}
