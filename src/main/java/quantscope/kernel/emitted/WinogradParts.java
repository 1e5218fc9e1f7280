package quantscope.kernel.emitted;

/**
 * How a kernel is cut into parts of 3 x 3 taps, whose sums are added before they are transformed back: each part brings the
 * input channels once more, shifted. What is left of 5 taps are 2, which need no product at infinity.
 */
record WinogradParts(int kernelH, int kernelW) {

    private static final int TAPS = 3;

    /** Whether no part of an axis has a single tap: pixels beyond the image would be read for that. */
    static boolean takes(int kernel) {
        return kernel > 1 && kernel % TAPS != 1;
    }

    int rows() {
        return (kernelH + TAPS - 1) / TAPS;
    }

    int columns() {
        return (kernelW + TAPS - 1) / TAPS;
    }

    int count() {
        return rows() * columns();
    }

    /** The first tap of a part, by rows and by columns. */
    int row(int part) {
        return part / columns() * TAPS;
    }

    int column(int part) {
        return part % columns() * TAPS;
    }

    /** The index of a part's tap among the kernel's, or -1 where the kernel has ended. */
    int tap(int part, int tap) {
        int y = row(part) + tap / TAPS;
        int x = column(part) + tap % TAPS;
        return y < kernelH && x < kernelW ? y * kernelW + x : -1;
    }

    boolean hasRow(int part, int point) {
        return point != WinogradMatrices.INFINITY || row(part) + TAPS <= kernelH;
    }

    boolean hasColumn(int part, int point) {
        return point != WinogradMatrices.INFINITY || column(part) + TAPS <= kernelW;
    }

    boolean has(int part, int rowPoint, int columnPoint) {
        return hasRow(part, rowPoint) && hasColumn(part, columnPoint);
    }

    /** Parts before this one at a pair of points. */
    int before(int part, int rowPoint, int columnPoint) {
        int before = 0;
        for (int p = 0; p < part; p++) {
            before += has(p, rowPoint, columnPoint) ? 1 : 0;
        }
        return before;
    }

    /** Parts at a pair of points. */
    int at(int rowPoint, int columnPoint) {
        return before(count(), rowPoint, columnPoint);
    }
}
