package quantscope.kernel.emitted;

import java.util.Arrays;

/**
 * Winograd's minimal filtering of 3 taps, F(m, 3), in integers: m outputs of a row from m + 2 products instead of 3m
 * (S. Winograd, Arithmetic Complexity of Computations, 1980; A. Lavin, S. Gray, arXiv:1509.09308).
 *
 * <p>Inputs and taps are taken for polynomials, whose product's values at the points 0, 1, -1, infinity, 2, -2 (the first
 * m + 2 of them) are products of values; Lagrange's interpolation gives the outputs back. Its denominators are pulled out:
 * y = output * ((weight * w) . (input * x)) / scale, all of them integers, and the weights' part is the same for every m.
 *
 * <p>So sums may overflow 32 bits as they like: what is left modulo 2^32 is scale times the output, which is divided by the
 * scale's odd part through its inverse and by its power of two in fp32, exactly, as long as that multiple of the output
 * fits 32 bits.
 *
 * @param m outputs: 2, 3 or 4
 */
record WinogradMatrices(int m) {

    /** Of all points but infinity, in the order in which larger tiles add them. */
    private static final int[] POINTS = {0, 1, -1, Integer.MAX_VALUE, 2, -2};
    static final int INFINITY = 3;
    static final int MOST_POINTS = POINTS.length;
    /** Powers of two in the scales of a tile's rows and columns. */
    static final int MOST_TWOS = 6;

    int points() {
        return m + 2;
    }

    /** By what outputs are multiplied: the least common multiple of the denominators. */
    int scale() {
        return switch (m) {
            case 2 -> 2;
            case 3 -> 6;
            case 4 -> 24;
            default -> throw new IllegalArgumentException("F(" + m + ", 3), expected 2 to 4 outputs");
        };
    }

    /** [point][input]: coefficients of the product of all (x - a) but the point's own. */
    int[][] input() {
        int[][] rows = new int[points()][];
        for (int point = 0; point < points(); point++) {
            int[] polynomial = {1};
            for (int other = 0; other < points(); other++) {
                if (other != point && other != INFINITY) {
                    polynomial = times(polynomial, POINTS[other]);
                }
            }
            rows[point] = Arrays.copyOf(polynomial, points());
        }
        return rows;
    }

    /** A polynomial times (x - a). */
    private static int[] times(int[] polynomial, int a) {
        int[] product = new int[polynomial.length + 1];
        for (int i = 0; i < polynomial.length; i++) {
            product[i + 1] += polynomial[i];
            product[i] -= a * polynomial[i];
        }
        return product;
    }

    /** [point][tap], for tiles of any size: powers of the point, at infinity the highest one alone. */
    static int[][] weight() {
        int[][] rows = new int[MOST_POINTS][];
        for (int point = 0; point < MOST_POINTS; point++) {
            int a = POINTS[point];
            rows[point] = point == INFINITY ? new int[] {0, 0, 1} : new int[] {1, a, a * a};
        }
        return rows;
    }

    /** [output][point]: powers of the point by scale / denominator. */
    int[][] output() {
        int[][] rows = new int[m][points()];
        for (int point = 0; point < points(); point++) {
            if (point == INFINITY) {
                rows[m - 1][point] = scale();
                continue;
            }
            int denominator = 1;
            for (int other = 0; other < points(); other++) {
                denominator *= other == point || other == INFINITY ? 1 : POINTS[point] - POINTS[other];
            }
            int power = scale() / denominator;
            for (int k = 0; k < m; k++, power *= POINTS[point]) {
                rows[k][point] = power;
            }
        }
        return rows;
    }

    /** n with scale = odd * 2^n. */
    int twos() {
        return Integer.numberOfTrailingZeros(scale());
    }

    /** The odd number that times the scale's odd part is 1, modulo 2^32. */
    int inverse() {
        int odd = scale() >> twos();
        // Newton's iteration doubles the correct bits, of which an odd number has three at once.
        int inverse = odd;
        for (int i = 0; i < 4; i++) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }
}
