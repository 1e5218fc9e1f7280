package quantscope.kernel.emitted;

/** What becomes of a tile's sums. */
enum Ending {

    /** int32 sums are requantized to unsigned bytes. */
    LEVELS(1),

    /** fp32 sums, which began with the bias, are stored. */
    FLOATS(4),

    /** Counts of signs that differ, d, become (signs - 2 d) * alpha + bias in fp32. */
    SIGNS(4);

    private final int outBytes;

    Ending(int outBytes) {
        this.outBytes = outBytes;
    }

    /** Bytes of an output. */
    int outBytes() {
        return outBytes;
    }
}
