package quantscope.graph;

/** The error function, erf(x) = 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x. */
final class ErrorFunction {

    /** From here on the next double below 1 is further away than erf is. */
    private static final double ONE = 6;

    private ErrorFunction() { }

    /**
     * By the series 2/sqrt(pi) e^(-x^2) sum of 2^n x^(2n+1) / (1 * 3 * ... * (2n+1)), whose terms all have x's sign, so that
     * nothing cancels (Abramowitz and Stegun, 7.1.6).
     */
    static double erf(double x) {
        if (Double.isNaN(x) || Math.abs(x) >= ONE) {
            return Double.isNaN(x) ? x : Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > Math.ulp(sum) / 4; n++) {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
}
