package quantscope.compare;

/**
 * Wilson's score interval for a share (E. B. Wilson, Probable inference, the law of succession, and statistical
 * inference, J. Am. Stat. Assoc. 22, 1927): with p = k/n and z = 1.959964,
 * (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). For k = 0 of n = 10 it is 0 to 0.2775.
 */
final class Wilson {

    private static final double Z = 1.959963984540054;

    private Wilson() { }

    /** The 95% interval of k of n. */
    static Interval interval(long k, long n) {
        if (n < 1 || k < 0 || k > n) {
            throw new IllegalArgumentException(k + " of " + n);
        }
        double p = (double) k / n;
        double middle = p + Z * Z / (2 * n);
        double half = Z * Math.sqrt(p * (1 - p) / n + Z * Z / (4.0 * n * n));
        double scale = 1 + Z * Z / n;
        // At the ends rounding would leave a remainder of 1e-17 or so where the formula gives 0 and 1.
        return new Interval(k == 0 ? 0 : Math.max(0, (middle - half) / scale),
                k == n ? 1 : Math.min(1, (middle + half) / scale));
    }
}
