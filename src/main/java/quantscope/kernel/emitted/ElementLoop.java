package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Condition;
import quantscope.kernel.emitted.x64.Gp;
import quantscope.kernel.emitted.x64.Label;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/**
 * Writes code that makes a vector of bytes or of fp32 values of each vector of one or two inputs:
 * f(in, out, constants, firstOffset, secondOffset, outOffset, vectors).
 */
final class ElementLoop {

    static final Gp FIRST = Gp.R10;
    static final Gp SECOND = Gp.R11;
    private static final Gp OUT = Gp.RAX;
    private static final Gp CONSTANTS = Gp.RDX;
    private static final Gp COUNT = Gp.R9;
    /** Registers that no constant is in. */
    private static final int FREE = 2;

    private final int bits;
    private final List<Integer> constants = new ArrayList<>();

    ElementLoop(int bits) {
        this.bits = bits;
    }

    int lanes() {
        return bits / 32;
    }

    /** One of the first registers, for values. */
    Vec value(int i) {
        return new Vec(i, bits);
    }

    /** A register full of a number. */
    Vec constant(float number) {
        return constant(Float.floatToRawIntBits(number));
    }

    Vec constant(int number) {
        constants.add(number);
        return new Vec(FREE + constants.size() - 1, bits);
    }

    MemorySegment constants(Arena arena) {
        MemorySegment all = arena.allocate(4L * constants.size(), 4);
        for (int i = 0; i < constants.size(); i++) {
            all.set(ValueLayout.JAVA_INT, 4L * i, constants.get(i));
        }
        return all;
    }

    /**
     * @param inBytes  of an element of the inputs
     * @param outBytes of one that is made
     * @param body     leaves what is made, bytes as 32-bit lanes, in the first register
     */
    byte[] code(Abi abi, int inBytes, int outBytes, Consumer<Assembler> body) {
        int vectors = FREE + constants.size();
        Assembler a = new Assembler();
        abi.argument(a, 0, FIRST);
        abi.argument(a, 1, OUT);
        abi.argument(a, 2, CONSTANTS);
        a.mov(SECOND, FIRST);
        a.add(FIRST, abi.argument(3));
        // Each number's register was read by the time it is written; what is on the stack has not moved yet.
        abi.argument(a, 4, Gp.R8);
        a.add(SECOND, Gp.R8);
        abi.argument(a, 5, Gp.R9);
        a.add(OUT, Gp.R9);
        abi.argument(a, 6, COUNT);
        abi.enter(a, List.of(), vectors);
        for (int i = 0; i < constants.size(); i++) {
            a.emit(Op.VPBROADCASTD, new Vec(FREE + i, bits), Mem.at(CONSTANTS, 4 * i));
        }
        Label next = new Label();
        a.bind(next);
        body.accept(a);
        if (outBytes == Byte.BYTES) {
            ByteStore.emit(a, value(0), Mem.at(OUT), lanes());
        } else {
            a.emit(Op.VMOVUPS_STORE, value(0), Mem.at(OUT));
        }
        a.add(FIRST, inBytes * lanes());
        a.add(SECOND, inBytes * lanes());
        a.add(OUT, outBytes * lanes());
        a.sub(COUNT, 1);
        a.jump(Condition.NOT_EQUAL, next);
        abi.leave(a, List.of(), vectors);
        return a.code();
    }
}
