package quantscope.kernel.vector;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Memory;
import quantscope.kernel.SignSource;

/**
 * Signs as bits, 64 channels in a long, [H][W][groups][words]: bit 1 is minus. A second array, the mask, has 1 where
 * there is a sign at all: 0 beyond the last channel and, where the sign of 0 is 0, for zeros.
 */
final class SignBits {

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_PREFERRED;

    private final ConvShape shape;
    private final SignSource source;
    private final int words;

    SignBits(ConvShape shape, SignSource source) {
        this.shape = shape;
        this.source = source;
        this.words = (shape.inPerGroup() + 63) / 64;
    }

    /** Longs for one pixel of one group. */
    int words() {
        return words;
    }

    /**
     * Packs an image, or some of its rows, a long at a time.
     *
     * @param size longs
     * @return whether every element has a sign
     */
    boolean pack(Memory memory, int from, int size, int bits, int masks) {
        long[] longs = memory.scratchLongs();
        boolean complete = true;
        int at = from;
        for (int word = 0; word < size; word++) {
            int n = Math.min(64, shape.inPerGroup() - word % words * 64);
            long minus = 0;
            long some = 0;
            int i = 0;
            if (source.int8()) {
                for (; i + BYTES.length() <= n; i += BYTES.length()) {
                    ByteVector v = ByteVector.fromArray(BYTES, memory.bytes(), at + i);
                    minus |= v.compare(VectorOperators.ULT, (byte) source.zeroPoint()).toLong() << i;
                    some |= v.compare(VectorOperators.NE, (byte) source.zeroPoint()).toLong() << i;
                }
            } else {
                for (; i + FLOATS.length() <= n; i += FLOATS.length()) {
                    FloatVector v = FloatVector.fromArray(FLOATS, memory.floats(), at + i);
                    long negative = v.compare(VectorOperators.LT, 0f).toLong();
                    minus |= negative << i;
                    some |= (negative | v.compare(VectorOperators.GT, 0f).toLong()) << i;
                }
            }
            for (; i < n; i++) {
                int sign = source.withoutZero(memory, at + i);
                minus |= (sign >>> 31 & 1L) << i;
                some |= (sign & 1L) << i;
            }
            long all = n == 64 ? -1L : (1L << n) - 1;
            longs[bits + word] = source.zeroSign() < 0 ? minus | all & ~some : minus;
            longs[masks + word] = source.zeroSign() == 0 ? some : all;
            complete &= longs[masks + word] == all;
            at += n;
        }
        return complete;
    }
}
