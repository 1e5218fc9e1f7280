package quantscope.kernel.vector;

import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of binary layers: sums[pixel][lane] += sum over k of popcount(image[pixel + steps[k]] ^ w[k][lane]), for
 * some pixels, which may lie anywhere, and a panel of output channels. Sums are loaded, not zeroed: the compiler keeps them in
 * registers only then.
 */
final class BitTile {

    private static final VectorSpecies<Long> S = LongVector.SPECIES_PREFERRED;

    /** Output channels of one vector. */
    static final int LANES = S.length();

    /** 32 registers hold the sums of 6 pixels by two vectors; where bits have to be counted by other means, 4 by one fit. */
    private static final boolean WIDE = S.vectorBitSize() == 512;

    /** Pixels of a tile. */
    static final int PIXELS = WIDE ? 6 : 4;

    /** Output channels of a panel. */
    static final int WIDTH = WIDE ? 2 * LANES : LANES;

    private BitTile() { }

    /**
     * Counts for {@link #PIXELS} pixels.
     *
     * @param steps where each long of the depth is, from a pixel: one loop over all of them, as short ones cost more than a look
     */
    static void add(long[] image, int from, int[] pixels, int first, int[] steps, long[] w, int wStart, long[] sums) {
        if (WIDE) {
            six(image, from, pixels, first, steps, w, wStart, sums);
        } else {
            four(image, from, pixels, first, steps, w, wStart, sums);
        }
    }

    /** 6 by two vectors. */
    private static void six(long[] image, int from, int[] pixels, int first, int[] steps, long[] w, int wStart,
                            long[] sums) {
        int p0 = from + pixels[first + 0];
        int p1 = from + pixels[first + 1];
        int p2 = from + pixels[first + 2];
        int p3 = from + pixels[first + 3];
        int p4 = from + pixels[first + 4];
        int p5 = from + pixels[first + 5];
        LongVector s0a = LongVector.fromArray(S, sums, 0);
        LongVector s0b = LongVector.fromArray(S, sums, LANES);
        LongVector s1a = LongVector.fromArray(S, sums, 2 * LANES);
        LongVector s1b = LongVector.fromArray(S, sums, 3 * LANES);
        LongVector s2a = LongVector.fromArray(S, sums, 4 * LANES);
        LongVector s2b = LongVector.fromArray(S, sums, 5 * LANES);
        LongVector s3a = LongVector.fromArray(S, sums, 6 * LANES);
        LongVector s3b = LongVector.fromArray(S, sums, 7 * LANES);
        LongVector s4a = LongVector.fromArray(S, sums, 8 * LANES);
        LongVector s4b = LongVector.fromArray(S, sums, 9 * LANES);
        LongVector s5a = LongVector.fromArray(S, sums, 10 * LANES);
        LongVector s5b = LongVector.fromArray(S, sums, 11 * LANES);
        for (int k = 0, at = wStart; k < steps.length; k++, at += 2 * LANES) {
            int step = steps[k];
            LongVector a = LongVector.fromArray(S, w, at);
            LongVector b = LongVector.fromArray(S, w, at + LANES);
            long x0 = image[p0 + step];
            s0a = s0a.add(a.lanewise(VectorOperators.XOR, x0).lanewise(VectorOperators.BIT_COUNT));
            s0b = s0b.add(b.lanewise(VectorOperators.XOR, x0).lanewise(VectorOperators.BIT_COUNT));
            long x1 = image[p1 + step];
            s1a = s1a.add(a.lanewise(VectorOperators.XOR, x1).lanewise(VectorOperators.BIT_COUNT));
            s1b = s1b.add(b.lanewise(VectorOperators.XOR, x1).lanewise(VectorOperators.BIT_COUNT));
            long x2 = image[p2 + step];
            s2a = s2a.add(a.lanewise(VectorOperators.XOR, x2).lanewise(VectorOperators.BIT_COUNT));
            s2b = s2b.add(b.lanewise(VectorOperators.XOR, x2).lanewise(VectorOperators.BIT_COUNT));
            long x3 = image[p3 + step];
            s3a = s3a.add(a.lanewise(VectorOperators.XOR, x3).lanewise(VectorOperators.BIT_COUNT));
            s3b = s3b.add(b.lanewise(VectorOperators.XOR, x3).lanewise(VectorOperators.BIT_COUNT));
            long x4 = image[p4 + step];
            s4a = s4a.add(a.lanewise(VectorOperators.XOR, x4).lanewise(VectorOperators.BIT_COUNT));
            s4b = s4b.add(b.lanewise(VectorOperators.XOR, x4).lanewise(VectorOperators.BIT_COUNT));
            long x5 = image[p5 + step];
            s5a = s5a.add(a.lanewise(VectorOperators.XOR, x5).lanewise(VectorOperators.BIT_COUNT));
            s5b = s5b.add(b.lanewise(VectorOperators.XOR, x5).lanewise(VectorOperators.BIT_COUNT));
        }
        s0a.intoArray(sums, 0);
        s0b.intoArray(sums, LANES);
        s1a.intoArray(sums, 2 * LANES);
        s1b.intoArray(sums, 3 * LANES);
        s2a.intoArray(sums, 4 * LANES);
        s2b.intoArray(sums, 5 * LANES);
        s3a.intoArray(sums, 6 * LANES);
        s3b.intoArray(sums, 7 * LANES);
        s4a.intoArray(sums, 8 * LANES);
        s4b.intoArray(sums, 9 * LANES);
        s5a.intoArray(sums, 10 * LANES);
        s5b.intoArray(sums, 11 * LANES);
    }

    /** 4 by one vector. */
    private static void four(long[] image, int from, int[] pixels, int first, int[] steps, long[] w, int wStart,
                            long[] sums) {
        int p0 = from + pixels[first + 0];
        int p1 = from + pixels[first + 1];
        int p2 = from + pixels[first + 2];
        int p3 = from + pixels[first + 3];
        LongVector s0 = LongVector.fromArray(S, sums, 0);
        LongVector s1 = LongVector.fromArray(S, sums, LANES);
        LongVector s2 = LongVector.fromArray(S, sums, 2 * LANES);
        LongVector s3 = LongVector.fromArray(S, sums, 3 * LANES);
        for (int k = 0, at = wStart; k < steps.length; k++, at += LANES) {
            int step = steps[k];
            LongVector a = LongVector.fromArray(S, w, at);
            long x0 = image[p0 + step];
            s0 = s0.add(a.lanewise(VectorOperators.XOR, x0).lanewise(VectorOperators.BIT_COUNT));
            long x1 = image[p1 + step];
            s1 = s1.add(a.lanewise(VectorOperators.XOR, x1).lanewise(VectorOperators.BIT_COUNT));
            long x2 = image[p2 + step];
            s2 = s2.add(a.lanewise(VectorOperators.XOR, x2).lanewise(VectorOperators.BIT_COUNT));
            long x3 = image[p3 + step];
            s3 = s3.add(a.lanewise(VectorOperators.XOR, x3).lanewise(VectorOperators.BIT_COUNT));
        }
        s0.intoArray(sums, 0);
        s1.intoArray(sums, LANES);
        s2.intoArray(sums, 2 * LANES);
        s3.intoArray(sums, 3 * LANES);
    }

    /**
     * Counts for one pixel, only where a mask has ones.
     *
     * @param masks from the image to its masks
     * @param to    where the sums are
     */
    static void addMasked(long[] image, int pixel, int masks, int[] steps, long[] w, int wStart, long[] sums, int to) {
        for (int v = 0; v < WIDTH; v += LANES) {
            LongVector s = LongVector.fromArray(S, sums, to + v);
            for (int k = 0, at = wStart + v; k < steps.length; k++, at += WIDTH) {
                int bits = pixel + steps[k];
                s = s.add(LongVector.fromArray(S, w, at).lanewise(VectorOperators.XOR, image[bits])
                        .lanewise(VectorOperators.AND, image[masks + bits]).lanewise(VectorOperators.BIT_COUNT));
            }
            s.intoArray(sums, to + v);
        }
    }

    /** Counts for one pixel. */
    static void addOne(long[] image, int pixel, int[] steps, long[] w, int wStart, long[] sums, int to) {
        for (int v = 0; v < WIDTH; v += LANES) {
            LongVector s = LongVector.fromArray(S, sums, to + v);
            for (int k = 0, at = wStart + v; k < steps.length; k++, at += WIDTH) {
                s = s.add(LongVector.fromArray(S, w, at).lanewise(VectorOperators.XOR, image[pixel + steps[k]])
                        .lanewise(VectorOperators.BIT_COUNT));
            }
            s.intoArray(sums, to + v);
        }
    }
}
