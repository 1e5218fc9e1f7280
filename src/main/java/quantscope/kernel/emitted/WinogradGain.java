package quantscope.kernel.emitted;

import java.util.OptionalInt;
import java.util.stream.IntStream;
import quantscope.kernel.ConvShape;

/**
 * What a convolution by {@link WinogradMatrices} is expected to gain over multiplying pixels by weights. The figures of
 * both ways are cycles that were measured on Zen 4, those beside vpdpbusd on 256 bits on Zen 5.
 *
 * @param directPerCycle   products of bytes that the other way does
 * @param productsPerCycle products of words
 * @param pixelCycles      to take a vector of channels of a tile to its points
 * @param levelCycles      to take a vector of sums of a tile to levels
 */
record WinogradGain(ConvShape shape, Way way, int directPerCycle, int productsPerCycle, int pixelCycles, int levelCycles) {

    /** Less is not worth weights that are eight times as large. */
    private static final double WORTHWHILE = 1.1;

    /** Cycles of a byte that comes from memory while something is computed: measured, two and a half times 3.7 GHz by 20 GB/s. */
    private static final double CYCLES_PER_BYTE = 0.5;

    /** More do not gain more. */
    private static final int MANY = 16;

    /** @param direct the way that would be gone otherwise */
    static WinogradGain of(ConvShape shape, Way way, Way direct) {
        return switch (direct) {
            case DOT_512 -> new WinogradGain(shape, way, 60, 30, 200, 300);
            case DOT_256 -> new WinogradGain(shape, way, 56, 26, 120, 200);
            default -> new WinogradGain(shape, way, 28, 21, 120, 200);
        };
    }

    /** The fewest images that follow one another for which it is faster. */
    OptionalInt fewestImages() {
        return IntStream.of(1, 2, 4, 8, MANY).filter(this::worthwhile).findFirst();
    }

    /** Whether it is faster for so many images that follow one another, the first of which finds no weights in the cache. */
    boolean worthwhile(int images) {
        WinogradParts parts = new WinogradParts(shape.kernelH(), shape.kernelW());
        double macs = (double) shape.depth() * shape.outChannels() * shape.outPlane();
        double direct = macs / directPerCycle + bytes(1) / images;
        double ours = cycles(parts) + bytes(2.0 * pairs(parts) / shape.taps()) / images;
        return direct > WORTHWHILE * ours;
    }

    /** Cycles to fetch some bytes for each weight. */
    private double bytes(double perWeight) {
        return perWeight * shape.depth() * shape.outChannels() * CYCLES_PER_BYTE;
    }

    private double cycles(WinogradParts parts) {
        WinogradAxis rows = WinogradAxis.of(shape.outHeight());
        WinogradAxis columns = WinogradAxis.of(shape.outWidth());
        double products = 0;
        for (int i = 0; i < WinogradMatrices.MOST_POINTS; i++) {
            for (int j = 0; j < WinogradMatrices.MOST_POINTS; j++) {
                products += (double) rows.having(i) * columns.having(j) * parts.at(i, j);
            }
        }
        int tiles = rows.tiles().size() * columns.tiles().size();
        double inVectors = parts.count() * (double) shape.inChannels() / (2 * way.lanes());
        double outVectors = (double) shape.outChannels() / way.lanes();
        return products * shape.inChannels() * shape.outChannels() / productsPerCycle
                + tiles * (inVectors * pixelCycles + outVectors * levelCycles);
    }

    /** Matrices of the weights. */
    private static int pairs(WinogradParts parts) {
        int pairs = 0;
        for (int pair = 0; pair < WinogradMatrices.MOST_POINTS * WinogradMatrices.MOST_POINTS; pair++) {
            pairs += parts.at(pair / WinogradMatrices.MOST_POINTS, pair % WinogradMatrices.MOST_POINTS);
        }
        return pairs;
    }
}
