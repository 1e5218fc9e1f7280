package quantscope.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of fp32 layers: sums[pixel][lane] += sum over k of image[pixel + k] * w[k][lane], for some pixels, which
 * may lie anywhere, and one or two vectors of output channels. Sums are loaded, not zeroed: the compiler keeps them in
 * registers only then. They begin at 0 of an array of their own, so that the compiler checks their bounds once.
 */
final class Tile {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    /** Lanes of one vector. */
    static final int LANES = S.length();

    /** AVX2 has 16 registers, which 6 pixels by 2 vectors fill; AVX-512 and NEON have 32, for 12 pixels. */
    static final int PIXELS = S.vectorBitSize() == 256 ? 6 : 12;

    static final int MOST_PIXELS = 12;

    private Tile() { }

    /** Up to {@link #PIXELS} by two vectors. */
    static void wide(float[] image, int from, int[] pixels, int first, int count, float[] w, int wStart, int depth,
                     float[] sums) {
        if (count <= 6) {
            six(image, from, pixels, first, w, wStart, depth, sums);
        } else {
            twelve(image, from, pixels, first, w, wStart, depth, sums);
        }
    }

    /** 6 by two vectors. */
    static void six(float[] image, int from, int[] pixels, int first, float[] w, int wStart, int depth, float[] sums) {
        int p0 = from + pixels[first + 0];
        int p1 = from + pixels[first + 1];
        int p2 = from + pixels[first + 2];
        int p3 = from + pixels[first + 3];
        int p4 = from + pixels[first + 4];
        int p5 = from + pixels[first + 5];
        FloatVector s0a = FloatVector.fromArray(S, sums, 0);
        FloatVector s0b = FloatVector.fromArray(S, sums, LANES);
        FloatVector s1a = FloatVector.fromArray(S, sums, 2 * LANES);
        FloatVector s1b = FloatVector.fromArray(S, sums, 3 * LANES);
        FloatVector s2a = FloatVector.fromArray(S, sums, 4 * LANES);
        FloatVector s2b = FloatVector.fromArray(S, sums, 5 * LANES);
        FloatVector s3a = FloatVector.fromArray(S, sums, 6 * LANES);
        FloatVector s3b = FloatVector.fromArray(S, sums, 7 * LANES);
        FloatVector s4a = FloatVector.fromArray(S, sums, 8 * LANES);
        FloatVector s4b = FloatVector.fromArray(S, sums, 9 * LANES);
        FloatVector s5a = FloatVector.fromArray(S, sums, 10 * LANES);
        FloatVector s5b = FloatVector.fromArray(S, sums, 11 * LANES);
        for (int k = 0, at = wStart; k < depth; k++, at += 2 * LANES) {
            FloatVector a = FloatVector.fromArray(S, w, at);
            FloatVector b = FloatVector.fromArray(S, w, at + LANES);
            FloatVector x = FloatVector.broadcast(S, image[p0 + k]);
            s0a = x.fma(a, s0a);
            s0b = x.fma(b, s0b);
            x = FloatVector.broadcast(S, image[p1 + k]);
            s1a = x.fma(a, s1a);
            s1b = x.fma(b, s1b);
            x = FloatVector.broadcast(S, image[p2 + k]);
            s2a = x.fma(a, s2a);
            s2b = x.fma(b, s2b);
            x = FloatVector.broadcast(S, image[p3 + k]);
            s3a = x.fma(a, s3a);
            s3b = x.fma(b, s3b);
            x = FloatVector.broadcast(S, image[p4 + k]);
            s4a = x.fma(a, s4a);
            s4b = x.fma(b, s4b);
            x = FloatVector.broadcast(S, image[p5 + k]);
            s5a = x.fma(a, s5a);
            s5b = x.fma(b, s5b);
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

    /** 12 by two vectors. */
    static void twelve(float[] image, int from, int[] pixels, int first, float[] w, int wStart, int depth, float[] sums) {
        int p0 = from + pixels[first + 0];
        int p1 = from + pixels[first + 1];
        int p2 = from + pixels[first + 2];
        int p3 = from + pixels[first + 3];
        int p4 = from + pixels[first + 4];
        int p5 = from + pixels[first + 5];
        int p6 = from + pixels[first + 6];
        int p7 = from + pixels[first + 7];
        int p8 = from + pixels[first + 8];
        int p9 = from + pixels[first + 9];
        int p10 = from + pixels[first + 10];
        int p11 = from + pixels[first + 11];
        FloatVector s0a = FloatVector.fromArray(S, sums, 0);
        FloatVector s0b = FloatVector.fromArray(S, sums, LANES);
        FloatVector s1a = FloatVector.fromArray(S, sums, 2 * LANES);
        FloatVector s1b = FloatVector.fromArray(S, sums, 3 * LANES);
        FloatVector s2a = FloatVector.fromArray(S, sums, 4 * LANES);
        FloatVector s2b = FloatVector.fromArray(S, sums, 5 * LANES);
        FloatVector s3a = FloatVector.fromArray(S, sums, 6 * LANES);
        FloatVector s3b = FloatVector.fromArray(S, sums, 7 * LANES);
        FloatVector s4a = FloatVector.fromArray(S, sums, 8 * LANES);
        FloatVector s4b = FloatVector.fromArray(S, sums, 9 * LANES);
        FloatVector s5a = FloatVector.fromArray(S, sums, 10 * LANES);
        FloatVector s5b = FloatVector.fromArray(S, sums, 11 * LANES);
        FloatVector s6a = FloatVector.fromArray(S, sums, 12 * LANES);
        FloatVector s6b = FloatVector.fromArray(S, sums, 13 * LANES);
        FloatVector s7a = FloatVector.fromArray(S, sums, 14 * LANES);
        FloatVector s7b = FloatVector.fromArray(S, sums, 15 * LANES);
        FloatVector s8a = FloatVector.fromArray(S, sums, 16 * LANES);
        FloatVector s8b = FloatVector.fromArray(S, sums, 17 * LANES);
        FloatVector s9a = FloatVector.fromArray(S, sums, 18 * LANES);
        FloatVector s9b = FloatVector.fromArray(S, sums, 19 * LANES);
        FloatVector s10a = FloatVector.fromArray(S, sums, 20 * LANES);
        FloatVector s10b = FloatVector.fromArray(S, sums, 21 * LANES);
        FloatVector s11a = FloatVector.fromArray(S, sums, 22 * LANES);
        FloatVector s11b = FloatVector.fromArray(S, sums, 23 * LANES);
        for (int k = 0, at = wStart; k < depth; k++, at += 2 * LANES) {
            FloatVector a = FloatVector.fromArray(S, w, at);
            FloatVector b = FloatVector.fromArray(S, w, at + LANES);
            FloatVector x = FloatVector.broadcast(S, image[p0 + k]);
            s0a = x.fma(a, s0a);
            s0b = x.fma(b, s0b);
            x = FloatVector.broadcast(S, image[p1 + k]);
            s1a = x.fma(a, s1a);
            s1b = x.fma(b, s1b);
            x = FloatVector.broadcast(S, image[p2 + k]);
            s2a = x.fma(a, s2a);
            s2b = x.fma(b, s2b);
            x = FloatVector.broadcast(S, image[p3 + k]);
            s3a = x.fma(a, s3a);
            s3b = x.fma(b, s3b);
            x = FloatVector.broadcast(S, image[p4 + k]);
            s4a = x.fma(a, s4a);
            s4b = x.fma(b, s4b);
            x = FloatVector.broadcast(S, image[p5 + k]);
            s5a = x.fma(a, s5a);
            s5b = x.fma(b, s5b);
            x = FloatVector.broadcast(S, image[p6 + k]);
            s6a = x.fma(a, s6a);
            s6b = x.fma(b, s6b);
            x = FloatVector.broadcast(S, image[p7 + k]);
            s7a = x.fma(a, s7a);
            s7b = x.fma(b, s7b);
            x = FloatVector.broadcast(S, image[p8 + k]);
            s8a = x.fma(a, s8a);
            s8b = x.fma(b, s8b);
            x = FloatVector.broadcast(S, image[p9 + k]);
            s9a = x.fma(a, s9a);
            s9b = x.fma(b, s9b);
            x = FloatVector.broadcast(S, image[p10 + k]);
            s10a = x.fma(a, s10a);
            s10b = x.fma(b, s10b);
            x = FloatVector.broadcast(S, image[p11 + k]);
            s11a = x.fma(a, s11a);
            s11b = x.fma(b, s11b);
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
        s6a.intoArray(sums, 12 * LANES);
        s6b.intoArray(sums, 13 * LANES);
        s7a.intoArray(sums, 14 * LANES);
        s7b.intoArray(sums, 15 * LANES);
        s8a.intoArray(sums, 16 * LANES);
        s8b.intoArray(sums, 17 * LANES);
        s9a.intoArray(sums, 18 * LANES);
        s9b.intoArray(sums, 19 * LANES);
        s10a.intoArray(sums, 20 * LANES);
        s10b.intoArray(sums, 21 * LANES);
        s11a.intoArray(sums, 22 * LANES);
        s11b.intoArray(sums, 23 * LANES);
    }

    /** 12 by one vector. */
    static void narrow(float[] image, int from, int[] pixels, int first, float[] w, int wStart, int depth, float[] sums) {
        int p0 = from + pixels[first + 0];
        int p1 = from + pixels[first + 1];
        int p2 = from + pixels[first + 2];
        int p3 = from + pixels[first + 3];
        int p4 = from + pixels[first + 4];
        int p5 = from + pixels[first + 5];
        int p6 = from + pixels[first + 6];
        int p7 = from + pixels[first + 7];
        int p8 = from + pixels[first + 8];
        int p9 = from + pixels[first + 9];
        int p10 = from + pixels[first + 10];
        int p11 = from + pixels[first + 11];
        FloatVector s0 = FloatVector.fromArray(S, sums, 0);
        FloatVector s1 = FloatVector.fromArray(S, sums, LANES);
        FloatVector s2 = FloatVector.fromArray(S, sums, 2 * LANES);
        FloatVector s3 = FloatVector.fromArray(S, sums, 3 * LANES);
        FloatVector s4 = FloatVector.fromArray(S, sums, 4 * LANES);
        FloatVector s5 = FloatVector.fromArray(S, sums, 5 * LANES);
        FloatVector s6 = FloatVector.fromArray(S, sums, 6 * LANES);
        FloatVector s7 = FloatVector.fromArray(S, sums, 7 * LANES);
        FloatVector s8 = FloatVector.fromArray(S, sums, 8 * LANES);
        FloatVector s9 = FloatVector.fromArray(S, sums, 9 * LANES);
        FloatVector s10 = FloatVector.fromArray(S, sums, 10 * LANES);
        FloatVector s11 = FloatVector.fromArray(S, sums, 11 * LANES);
        for (int k = 0, at = wStart; k < depth; k++, at += LANES) {
            FloatVector a = FloatVector.fromArray(S, w, at);
            s0 = FloatVector.broadcast(S, image[p0 + k]).fma(a, s0);
            s1 = FloatVector.broadcast(S, image[p1 + k]).fma(a, s1);
            s2 = FloatVector.broadcast(S, image[p2 + k]).fma(a, s2);
            s3 = FloatVector.broadcast(S, image[p3 + k]).fma(a, s3);
            s4 = FloatVector.broadcast(S, image[p4 + k]).fma(a, s4);
            s5 = FloatVector.broadcast(S, image[p5 + k]).fma(a, s5);
            s6 = FloatVector.broadcast(S, image[p6 + k]).fma(a, s6);
            s7 = FloatVector.broadcast(S, image[p7 + k]).fma(a, s7);
            s8 = FloatVector.broadcast(S, image[p8 + k]).fma(a, s8);
            s9 = FloatVector.broadcast(S, image[p9 + k]).fma(a, s9);
            s10 = FloatVector.broadcast(S, image[p10 + k]).fma(a, s10);
            s11 = FloatVector.broadcast(S, image[p11 + k]).fma(a, s11);
        }
        s0.intoArray(sums, 0);
        s1.intoArray(sums, LANES);
        s2.intoArray(sums, 2 * LANES);
        s3.intoArray(sums, 3 * LANES);
        s4.intoArray(sums, 4 * LANES);
        s5.intoArray(sums, 5 * LANES);
        s6.intoArray(sums, 6 * LANES);
        s7.intoArray(sums, 7 * LANES);
        s8.intoArray(sums, 8 * LANES);
        s9.intoArray(sums, 9 * LANES);
        s10.intoArray(sums, 10 * LANES);
        s11.intoArray(sums, 11 * LANES);
    }

    /**
     * One pixel by four panels of two vectors, whose weights are {@code panel} apart: four streams from memory.
     *
     * @param panels how many of the four there are; the last one is repeated
     */
    static void single(float[] image, int from, float[] w, int wStart, int panel, int panels, int depth, float[] sums) {
        int b = wStart + Math.min(1, panels - 1) * panel;
        int c = wStart + Math.min(2, panels - 1) * panel;
        int d = wStart + Math.min(3, panels - 1) * panel;
        FloatVector a0 = FloatVector.fromArray(S, sums, 0);
        FloatVector a1 = FloatVector.fromArray(S, sums, LANES);
        FloatVector b0 = FloatVector.fromArray(S, sums, 2 * LANES);
        FloatVector b1 = FloatVector.fromArray(S, sums, 3 * LANES);
        FloatVector c0 = FloatVector.fromArray(S, sums, 4 * LANES);
        FloatVector c1 = FloatVector.fromArray(S, sums, 5 * LANES);
        FloatVector d0 = FloatVector.fromArray(S, sums, 6 * LANES);
        FloatVector d1 = FloatVector.fromArray(S, sums, 7 * LANES);
        for (int k = 0, at = 0; k < depth; k++, at += 2 * LANES) {
            FloatVector x = FloatVector.broadcast(S, image[from + k]);
            a0 = x.fma(FloatVector.fromArray(S, w, wStart + at), a0);
            a1 = x.fma(FloatVector.fromArray(S, w, wStart + at + LANES), a1);
            b0 = x.fma(FloatVector.fromArray(S, w, b + at), b0);
            b1 = x.fma(FloatVector.fromArray(S, w, b + at + LANES), b1);
            c0 = x.fma(FloatVector.fromArray(S, w, c + at), c0);
            c1 = x.fma(FloatVector.fromArray(S, w, c + at + LANES), c1);
            d0 = x.fma(FloatVector.fromArray(S, w, d + at), d0);
            d1 = x.fma(FloatVector.fromArray(S, w, d + at + LANES), d1);
        }
        a0.intoArray(sums, 0);
        a1.intoArray(sums, LANES);
        b0.intoArray(sums, 2 * LANES);
        b1.intoArray(sums, 3 * LANES);
        c0.intoArray(sums, 4 * LANES);
        c1.intoArray(sums, 5 * LANES);
        d0.intoArray(sums, 6 * LANES);
        d1.intoArray(sums, 7 * LANES);
    }
}
