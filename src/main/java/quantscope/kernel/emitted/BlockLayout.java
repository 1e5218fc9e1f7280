package quantscope.kernel.emitted;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Where a block of output channels has what. Its head begins with bounds, a mask, and the weights' address; then for each
 * vector of output channels what the sums begin with, the biases, the factors, what is fused behind. The weights, elsewhere,
 * are in the order in which they are used: row, run, step of four bytes, vector, channel; so several heads, whose sums end
 * otherwise, share them. What lies beyond the layer's channels and values is 0.
 *
 * <p>Heads of blocks may follow one another: then vectors count on.
 *
 * @param vectors of output channels of a block
 */
record BlockLayout(Way way, int vectors) {

    /** Lowest level less the zero point, as fp32. */
    static final int LOW = 0;
    /** Highest level less the zero point, as fp32. */
    static final int HIGH = 4;
    static final int ZERO_POINT = 8;
    /** How many steps follow those of the depth; {@link Remainder}. */
    static final int MORE_STEPS = 12;
    /** 1 in each 16-bit word. */
    static final int ONE_WORDS = 20;
    /** Where signs are counted: the number of ones of 0 to 15, 16 bytes; what takes a byte's lower half; ones. */
    static final int NIBBLE_ONES = 0;
    static final int NIBBLE = 16;
    static final int ONE_BYTES = 24;
    /** -1 for each lane of the last vector that is stored, for CPUs without mask registers. */
    static final int LANES = 32;

    /** Addresses of the weights and of the offsets of the steps that follow. */
    static final int WEIGHTS = 64;
    static final int MORE_OFFSETS = 72;

    private static final int HEAD = 128;

    /** What each vector of channels has. */
    private static final int INITIAL = 0;
    private static final int BIAS = 1;
    private static final int FACTOR = 2;
    private static final int NORM_FACTOR = 3;
    private static final int NORM_OFFSET = 4;
    private static final int BELOW = 5;
    private static final int TURNED = 6;
    private static final int PARAMETERS = 7;

    /** Writes what any head of a way begins with. */
    void constants(MemorySegment block) {
        block.set(ValueLayout.JAVA_INT, ONE_WORDS, 0x10001);
        if (way == Way.BITS_256) {
            for (int i = 0; i < 16; i++) {
                block.set(ValueLayout.JAVA_BYTE, NIBBLE_ONES + i, (byte) Integer.bitCount(i));
            }
            block.set(ValueLayout.JAVA_INT, NIBBLE, 0x0f0f0f0f);
            block.set(ValueLayout.JAVA_INT, ONE_BYTES, 0x01010101);
        }
    }

    /** Where the mask of the last vector of a vector's block is. */
    int lanes(int v) {
        return v / vectors * headBytes() + LANES;
    }

    int initial(int v) {
        return at(INITIAL, v);
    }

    int bias(int v) {
        return at(BIAS, v);
    }

    int factor(int v) {
        return at(FACTOR, v);
    }

    /** The factors of a batch norm behind the layer. */
    int normFactor(int v) {
        return at(NORM_FACTOR, v);
    }

    int normOffset(int v) {
        return at(NORM_OFFSET, v);
    }

    /** What sums of signs are compared with, as {@link quantscope.kernel.SumSigns} says. */
    int below(int v) {
        return at(BELOW, v);
    }

    int turned(int v) {
        return at(TURNED, v);
    }

    private int at(int parameter, int v) {
        return v / vectors * headBytes() + HEAD + vectorBytes() * (parameter * vectors + v % vectors);
    }

    /** Whole lines of the cache. */
    int headBytes() {
        int bytes = HEAD + vectorBytes() * PARAMETERS * vectors;
        return Math.toIntExact(CacheLine.up(bytes));
    }

    /** Weights of a step for all vectors. */
    int stepBytes() {
        return vectors * vectorBytes();
    }

    int vectorBytes() {
        return way.bits() / 8;
    }
}
