package quantscope.kernel.emitted.x64;

/** The 64-bit general purpose registers; the ordinal is the number that is encoded. */
public enum Gp {
    RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15;

    /** The three bits that ModRM, SIB and opcodes hold. */
    int low() {
        return ordinal() & 7;
    }

    /** The fourth bit, which a prefix holds. */
    int high() {
        return ordinal() >> 3;
    }
}
