package quantscope.kernel.emitted.x64;

/** When a jump is taken; the code is what the opcode holds. */
public enum Condition {
    BELOW(2), ABOVE_EQUAL(3), EQUAL(4), NOT_EQUAL(5), BELOW_EQUAL(6), ABOVE(7), LESS(12), GREATER_EQUAL(13),
    LESS_EQUAL(14), GREATER(15);

    final int code;

    Condition(int code) {
        this.code = code;
    }
}
