package quantscope.kernel.emitted;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Some rows of tiles, with the code that computes them; everything that does not depend on an image is at hand.
 *
 * @param firstRow of output pixels
 * @param bytes    of the transformed pixels, and of a block's sums
 * @param tiles    row by row
 * @param products for blocks of the usual size, then for the last one
 */
record WinogradStrip(int firstRow, int rows, Bytes bytes, List<Piece> tiles, List<List<Product>> products, PaddedImage image) {

    record Bytes(int points, int sums) { }

    /**
     * A tile.
     *
     * @param row     of tiles
     * @param y       its first output pixel, in the strip
     * @param points  where its values are in each case of {@link WinogradLayout}
     * @param sums    where its sums are
     * @param inputs  for each part of the kernel
     * @param outputs for blocks of the usual size, then for the last one
     */
    record Piece(int row, int y, int x, int[] points, int[] sums, List<Input> inputs, List<Routine> outputs) { }

    /**
     * A part of the kernel.
     *
     * @param pixel where it begins, in bytes from the tile's first pixel
     */
    record Input(int pixel, Routine code) { }

    /**
     * Tiles by weights at a pair of points.
     *
     * @param pair  which, row by row
     * @param from  where the tiles' values begin
     * @param to    where their sums begin
     * @param cut   how the tiles are cut
     */
    record Product(int pair, int from, int to, Cut cut) { }

    /** So many tiles at a time, then the rest. */
    record Cut(Routine whole, int tiles, int groups, Routine rest, int restTiles, int valueBytes, int sumBytes) { }

    /** The same strip elsewhere. */
    WinogradStrip at(int row) {
        return new WinogradStrip(row, rows, bytes, tiles, products, image);
    }

    /** Takes rows of tiles to their points. */
    void transform(MemorySegment pixels, long at, MemorySegment scratch, long pointsAt, MemorySegment constants, int from,
                   int to) {
        int perRow = tiles.size() / rows;
        for (int i = from * perRow; i < to * perRow; i++) {
            Piece t = tiles.get(i);
            long pixel = at + (long) (firstRow + t.y()) * image.rowBytes() + (long) t.x() * image.pixelBytes();
            for (Input input : t.inputs()) {
                input.code().call(pixels, scratch, constants, pixel + input.pixel(), pointsAt + t.points()[0],
                        pointsAt + t.points()[1], pointsAt + t.points()[2]);
            }
        }
    }

    /** Multiplies the tiles' points by a block's weights. */
    void multiply(MemorySegment scratch, long pointsAt, long sumsAt, List<MemorySegment> weights, int size) {
        for (Product p : products.get(size)) {
            Cut cut = p.cut();
            MemorySegment matrix = weights.get(p.pair());
            cut.whole().call(scratch, scratch, matrix, pointsAt + p.from(), sumsAt + p.to(), 0, cut.groups());
            if (cut.restTiles() > 0) {
                long done = (long) cut.tiles() * cut.groups();
                cut.rest().call(scratch, scratch, matrix, pointsAt + p.from() + done * cut.valueBytes(),
                        sumsAt + p.to() + done * cut.sumBytes(), 0, 1);
            }
        }
    }

    /** Takes a block's sums to levels. */
    void finish(MemorySegment scratch, long sumsAt, MemorySegment levels, long output, MemorySegment constants, int size) {
        int outChannels = image.shape().outChannels();
        for (Piece t : tiles) {
            long pixel = (long) (firstRow + t.y()) * image.shape().outWidth() + t.x();
            t.outputs().get(size).call(levels, scratch, constants, output + pixel * outChannels, sumsAt + t.sums()[0],
                    sumsAt + t.sums()[1], sumsAt + t.sums()[2]);
        }
    }
}
