package quantscope.kernel.emitted;

import java.util.List;
import quantscope.kernel.emitted.x64.Assembler;
import quantscope.kernel.emitted.x64.Gp;
import quantscope.kernel.emitted.x64.Mem;
import quantscope.kernel.emitted.x64.Op;
import quantscope.kernel.emitted.x64.Vec;

/** How a function is called: where its arguments are and which registers it has to give back as they were. */
enum Abi {

    /** Linux, macOS: System V AMD64 ABI, 3.2. */
    SYSTEM_V(List.of(Gp.RDI, Gp.RSI, Gp.RDX, Gp.RCX, Gp.R8, Gp.R9),
            List.of(Gp.RBX, Gp.RBP, Gp.R12, Gp.R13, Gp.R14, Gp.R15), 16),

    /** Windows x64: rdi, rsi and the lower halves of xmm6 to xmm15 belong to the caller, too. */
    WINDOWS(List.of(Gp.RCX, Gp.RDX, Gp.R8, Gp.R9),
            List.of(Gp.RBX, Gp.RBP, Gp.RDI, Gp.RSI, Gp.R12, Gp.R13, Gp.R14, Gp.R15), 6);

    private static final int LAST_KEPT_VECTOR = 15;

    private final List<Gp> arguments;
    private final List<Gp> kept;
    private final int firstKeptVector;

    Abi(List<Gp> arguments, List<Gp> kept, int firstKeptVector) {
        this.arguments = arguments;
        this.kept = kept;
        this.firstKeptVector = firstKeptVector;
    }

    static Abi ofThisSystem() {
        return OperatingSystem.windows() ? WINDOWS : SYSTEM_V;
    }

    /**
     * Moves a pointer or integer argument into a register: before anything is pushed.
     *
     * @param to overwrites no argument that is still to come
     */
    void argument(Assembler a, int i, Gp to) {
        if (i < arguments.size()) {
            a.mov(to, arguments.get(i));
        } else {
            // Return address, on Windows 32 bytes of home space for the first four, then the rest.
            int home = this == WINDOWS ? 32 : 0;
            a.mov(to, Mem.at(Gp.RSP, 8 + home + 8 * (i - arguments.size())));
        }
    }

    /** How many arguments come in registers. */
    int arguments() {
        return arguments.size();
    }

    /** The register of one of them. */
    Gp argument(int i) {
        return arguments.get(i);
    }

    /** Saves what the code will use and the caller keeps. */
    void enter(Assembler a, List<Gp> used, int vectors) {
        kept.stream().filter(used::contains).forEach(a::push);
        int saved = savedVectors(vectors);
        if (saved > 0) {
            a.sub(Gp.RSP, 16 * saved);
            for (int i = 0; i < saved; i++) {
                a.emit(Op.VMOVUPS_STORE, Vec.xmm(firstKeptVector + i), Mem.at(Gp.RSP, 16 * i));
            }
        }
    }

    /** Gives it back and returns. */
    void leave(Assembler a, List<Gp> used, int vectors) {
        int saved = savedVectors(vectors);
        if (saved > 0) {
            for (int i = 0; i < saved; i++) {
                a.emit(Op.VMOVUPS, Vec.xmm(firstKeptVector + i), Mem.at(Gp.RSP, 16 * i));
            }
            a.add(Gp.RSP, 16 * saved);
        }
        a.vzeroupper();
        kept.reversed().stream().filter(used::contains).forEach(a::pop);
        a.ret();
    }

    /** @param vectors how many vector registers are used, from 0 on */
    private int savedVectors(int vectors) {
        return Math.max(0, Math.min(vectors, LAST_KEPT_VECTOR + 1) - firstKeptVector);
    }
}
