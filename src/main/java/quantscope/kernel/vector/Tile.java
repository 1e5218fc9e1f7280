package quantscope.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops: c[row][lane] += sum over k of a[k][row] * b[k][lane], for 6 rows of two vectors or 12 rows of
 * one, so that the accumulators stay in 12 registers. Accumulators are loaded, not zeroed: the compiler keeps them
 * in registers only then.
 */
final class Tile {

    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;

    /** Lanes of one vector. */
    static final int LANES = S.length();

    private Tile() { }

    /** 6 x (2 vectors). */
    static void wide(float[] a, int aStart, float[] b, int bStart, int depth, float[] c, int cStart) {
        final int v = LANES;
        final int w = 2 * v;
        FloatVector c00 = FloatVector.fromArray(S, c, cStart);
        FloatVector c01 = FloatVector.fromArray(S, c, cStart + v);
        FloatVector c10 = FloatVector.fromArray(S, c, cStart + w);
        FloatVector c11 = FloatVector.fromArray(S, c, cStart + w + v);
        FloatVector c20 = FloatVector.fromArray(S, c, cStart + 2 * w);
        FloatVector c21 = FloatVector.fromArray(S, c, cStart + 2 * w + v);
        FloatVector c30 = FloatVector.fromArray(S, c, cStart + 3 * w);
        FloatVector c31 = FloatVector.fromArray(S, c, cStart + 3 * w + v);
        FloatVector c40 = FloatVector.fromArray(S, c, cStart + 4 * w);
        FloatVector c41 = FloatVector.fromArray(S, c, cStart + 4 * w + v);
        FloatVector c50 = FloatVector.fromArray(S, c, cStart + 5 * w);
        FloatVector c51 = FloatVector.fromArray(S, c, cStart + 5 * w + v);
        for (int k = 0, ai = aStart, bi = bStart; k < depth; k++, ai += 6, bi += w) {
            FloatVector b0 = FloatVector.fromArray(S, b, bi);
            FloatVector b1 = FloatVector.fromArray(S, b, bi + v);
            FloatVector x = FloatVector.broadcast(S, a[ai]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(S, a[ai + 1]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(S, a[ai + 2]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(S, a[ai + 3]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            x = FloatVector.broadcast(S, a[ai + 4]);
            c40 = x.fma(b0, c40);
            c41 = x.fma(b1, c41);
            x = FloatVector.broadcast(S, a[ai + 5]);
            c50 = x.fma(b0, c50);
            c51 = x.fma(b1, c51);
        }
        c00.intoArray(c, cStart);
        c01.intoArray(c, cStart + v);
        c10.intoArray(c, cStart + w);
        c11.intoArray(c, cStart + w + v);
        c20.intoArray(c, cStart + 2 * w);
        c21.intoArray(c, cStart + 2 * w + v);
        c30.intoArray(c, cStart + 3 * w);
        c31.intoArray(c, cStart + 3 * w + v);
        c40.intoArray(c, cStart + 4 * w);
        c41.intoArray(c, cStart + 4 * w + v);
        c50.intoArray(c, cStart + 5 * w);
        c51.intoArray(c, cStart + 5 * w + v);
    }

    /** 12 x (1 vector). */
    static void narrow(float[] a, int aStart, float[] b, int bStart, int depth, float[] c, int cStart) {
        final int v = LANES;
        FloatVector c0 = FloatVector.fromArray(S, c, cStart);
        FloatVector c1 = FloatVector.fromArray(S, c, cStart + v);
        FloatVector c2 = FloatVector.fromArray(S, c, cStart + 2 * v);
        FloatVector c3 = FloatVector.fromArray(S, c, cStart + 3 * v);
        FloatVector c4 = FloatVector.fromArray(S, c, cStart + 4 * v);
        FloatVector c5 = FloatVector.fromArray(S, c, cStart + 5 * v);
        FloatVector c6 = FloatVector.fromArray(S, c, cStart + 6 * v);
        FloatVector c7 = FloatVector.fromArray(S, c, cStart + 7 * v);
        FloatVector c8 = FloatVector.fromArray(S, c, cStart + 8 * v);
        FloatVector c9 = FloatVector.fromArray(S, c, cStart + 9 * v);
        FloatVector c10 = FloatVector.fromArray(S, c, cStart + 10 * v);
        FloatVector c11 = FloatVector.fromArray(S, c, cStart + 11 * v);
        for (int k = 0, ai = aStart, bi = bStart; k < depth; k++, ai += 12, bi += v) {
            FloatVector y = FloatVector.fromArray(S, b, bi);
            c0 = FloatVector.broadcast(S, a[ai]).fma(y, c0);
            c1 = FloatVector.broadcast(S, a[ai + 1]).fma(y, c1);
            c2 = FloatVector.broadcast(S, a[ai + 2]).fma(y, c2);
            c3 = FloatVector.broadcast(S, a[ai + 3]).fma(y, c3);
            c4 = FloatVector.broadcast(S, a[ai + 4]).fma(y, c4);
            c5 = FloatVector.broadcast(S, a[ai + 5]).fma(y, c5);
            c6 = FloatVector.broadcast(S, a[ai + 6]).fma(y, c6);
            c7 = FloatVector.broadcast(S, a[ai + 7]).fma(y, c7);
            c8 = FloatVector.broadcast(S, a[ai + 8]).fma(y, c8);
            c9 = FloatVector.broadcast(S, a[ai + 9]).fma(y, c9);
            c10 = FloatVector.broadcast(S, a[ai + 10]).fma(y, c10);
            c11 = FloatVector.broadcast(S, a[ai + 11]).fma(y, c11);
        }
        c0.intoArray(c, cStart);
        c1.intoArray(c, cStart + v);
        c2.intoArray(c, cStart + 2 * v);
        c3.intoArray(c, cStart + 3 * v);
        c4.intoArray(c, cStart + 4 * v);
        c5.intoArray(c, cStart + 5 * v);
        c6.intoArray(c, cStart + 6 * v);
        c7.intoArray(c, cStart + 7 * v);
        c8.intoArray(c, cStart + 8 * v);
        c9.intoArray(c, cStart + 9 * v);
        c10.intoArray(c, cStart + 10 * v);
        c11.intoArray(c, cStart + 11 * v);
    }
}
