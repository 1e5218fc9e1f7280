package quantscope.kernel.vector;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of binary layers: disagreements += sum of popcount((x ^ w) & mask) for one vector of output
 * channels and four pixels, or one. Sums are loaded, not zeroed: the compiler keeps them in registers only then.
 */
final class BitTile {

    private static final VectorSpecies<Long> S = LongVector.SPECIES_PREFERRED;

    /** Output channels of one vector. */
    static final int LANES = S.length();

    private BitTile() { }

    /** Four pixels whose longs lie {@code n} apart; every bit has a sign. */
    static void four(long[] w, int wStart, long[] x, int xStart, int n, long[] sums, int to) {
        LongVector s0 = LongVector.fromArray(S, sums, to);
        LongVector s1 = LongVector.fromArray(S, sums, to + LANES);
        LongVector s2 = LongVector.fromArray(S, sums, to + 2 * LANES);
        LongVector s3 = LongVector.fromArray(S, sums, to + 3 * LANES);
        for (int k = 0; k < n; k++) {
            LongVector v = LongVector.fromArray(S, w, wStart + k * LANES);
            int at = xStart + k;
            s0 = s0.add(v.lanewise(VectorOperators.XOR, x[at]).lanewise(VectorOperators.BIT_COUNT));
            s1 = s1.add(v.lanewise(VectorOperators.XOR, x[at + n]).lanewise(VectorOperators.BIT_COUNT));
            s2 = s2.add(v.lanewise(VectorOperators.XOR, x[at + 2 * n]).lanewise(VectorOperators.BIT_COUNT));
            s3 = s3.add(v.lanewise(VectorOperators.XOR, x[at + 3 * n]).lanewise(VectorOperators.BIT_COUNT));
        }
        s0.intoArray(sums, to);
        s1.intoArray(sums, to + LANES);
        s2.intoArray(sums, to + 2 * LANES);
        s3.intoArray(sums, to + 3 * LANES);
    }

    /** Four pixels with masks. */
    static void fourMasked(long[] w, int wStart, long[] x, int xStart, int mStart, int n, long[] sums, int to) {
        LongVector s0 = LongVector.fromArray(S, sums, to);
        LongVector s1 = LongVector.fromArray(S, sums, to + LANES);
        LongVector s2 = LongVector.fromArray(S, sums, to + 2 * LANES);
        LongVector s3 = LongVector.fromArray(S, sums, to + 3 * LANES);
        for (int k = 0; k < n; k++) {
            LongVector v = LongVector.fromArray(S, w, wStart + k * LANES);
            int at = xStart + k;
            int mask = mStart + k;
            s0 = s0.add(masked(v, x[at], x[mask]));
            s1 = s1.add(masked(v, x[at + n], x[mask + n]));
            s2 = s2.add(masked(v, x[at + 2 * n], x[mask + 2 * n]));
            s3 = s3.add(masked(v, x[at + 3 * n], x[mask + 3 * n]));
        }
        s0.intoArray(sums, to);
        s1.intoArray(sums, to + LANES);
        s2.intoArray(sums, to + 2 * LANES);
        s3.intoArray(sums, to + 3 * LANES);
    }

    /** One pixel with its mask. */
    static void one(long[] w, int wStart, long[] x, int xStart, int mStart, int n, long[] sums, int to) {
        LongVector sum = LongVector.fromArray(S, sums, to);
        for (int k = 0; k < n; k++) {
            LongVector v = LongVector.fromArray(S, w, wStart + k * LANES);
            sum = sum.add(masked(v, x[xStart + k], x[mStart + k]));
        }
        sum.intoArray(sums, to);
    }

    private static LongVector masked(LongVector w, long x, long mask) {
        return w.lanewise(VectorOperators.XOR, x).lanewise(VectorOperators.AND, mask)
                .lanewise(VectorOperators.BIT_COUNT);
    }
}
