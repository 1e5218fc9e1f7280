package quantscope.kernel.emitted;

/**
 * Where transformed values lie: point by point, and for each point the tiles that have it, row by row.
 *
 * <p>Within a row of tiles, a tile's place depends on how many tiles have the column's point. There are three cases: all
 * tiles (the first four points), those of 3 pixels and more (the fifth), those of 4 (the sixth).
 *
 * @param tileBytes of one tile at one point
 */
record WinogradLayout(WinogradAxis rows, WinogradAxis columns, int tileBytes) {

    static final int CASES = 3;
    private static final int FIRST_POINTS = 4;

    /** Which case a column's point is. */
    static int of(int point) {
        return Math.max(0, point - FIRST_POINTS + 1);
    }

    int tiles(int rowPoint, int columnPoint) {
        return rows.having(rowPoint) * columns.having(columnPoint);
    }

    /** Where a pair of points begins. */
    int at(int rowPoint, int columnPoint) {
        int before = 0;
        for (int i = 0; i < rowPoint; i++) {
            before += rows.having(i) * columns.products();
        }
        for (int j = 0; j < columnPoint; j++) {
            before += tiles(rowPoint, j);
        }
        return Math.multiplyExact(before, tileBytes);
    }

    /** Where a tile is, from there, in one of the cases. */
    int tile(int row, int column, int which) {
        return (row * columns.having(which + FIRST_POINTS - 1) + column) * tileBytes;
    }

    int bytes() {
        return Math.multiplyExact(Math.multiplyExact(rows.products(), columns.products()), tileBytes);
    }
}
