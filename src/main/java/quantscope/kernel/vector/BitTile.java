package quantscope.kernel.vector;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of binary layers: disagreements = sum of popcount((x ^ w) & mask) for one vector of output
 * channels and four pixels, or one.
 */
final class BitTile {

    private static final VectorSpecies<Long> S = LongVector.SPECIES_PREFERRED;

    /** Output channels of one vector. */
    static final int LANES = S.length();

    private BitTile() { }

    /** Four pixels whose longs lie {@code n} apart; every bit has a sign. */
    static void four(long[] w, int wStart, long[] x, int xStart, int n, long[] sums, int to) {
        LongVector s0 = LongVector.zero(S);
        LongVector s1 = s0;
        LongVector s2 = s0;
        LongVector s3 = s0;
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
        LongVector s0 = LongVector.zero(S);
        LongVector s1 = s0;
        LongVector s2 = s0;
        LongVector s3 = s0;
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
        LongVector even = LongVector.zero(S);
        LongVector odd = even;
        int k = 0;
        for (; k + 2 <= n; k += 2) {
            even = even.add(masked(LongVector.fromArray(S, w, wStart + k * LANES), x[xStart + k], x[mStart + k]));
            odd = odd.add(masked(LongVector.fromArray(S, w, wStart + (k + 1) * LANES), x[xStart + k + 1],
                    x[mStart + k + 1]));
        }
        if (k < n) {
            even = even.add(masked(LongVector.fromArray(S, w, wStart + k * LANES), x[xStart + k], x[mStart + k]));
        }
        even.add(odd).intoArray(sums, to);
    }

    private static LongVector masked(LongVector w, long x, long mask) {
        return w.lanewise(VectorOperators.XOR, x).lanewise(VectorOperators.AND, mask)
                .lanewise(VectorOperators.BIT_COUNT);
    }
}
