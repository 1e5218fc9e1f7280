package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import quantscope.kernel.ConvShape;

/**
 * Writes a layer's code, strip by strip.
 *
 * @param channels   of a part, as the weights have them
 * @param blocks     output channels of the blocks of the usual size and of the last one
 * @param stripBytes of the transformed pixels of a strip, at most, unless one row of tiles has more
 * @param even       whether there should be an even number of strips, which two or four threads share
 */
record WinogradCode(Way way, PaddedImage image, int channels, WinogradParts parts, List<Integer> blocks, long stripBytes,
                    boolean even, CodeMemory memory, Abi abi, Arena arena) {

    /** Of equal strips, one code serves all. */
    List<WinogradStrip> strips() {
        WinogradAxis rows = WinogradAxis.of(image.shape().outHeight());
        WinogradAxis columns = WinogradAxis.of(image.shape().outWidth());
        long each = 2L * parts.count() * channels * columns.products() * rows.points();
        int most = (int) Math.max(1, Math.min(rows.tiles().size(), stripBytes / each));
        int fewest = (rows.tiles().size() + most - 1) / most;
        int count = even ? Math.min(rows.tiles().size(), fewest + fewest % 2) : fewest;
        Map<WinogradAxis, WinogradStrip> same = new HashMap<>();
        List<WinogradStrip> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int from = rows.tiles().size() * i / count;
            WinogradAxis some = new WinogradAxis(rows.tiles().subList(from, rows.tiles().size() * (i + 1) / count));
            all.add(same.computeIfAbsent(some, r -> strip(r, columns)).at(rows.start(from)));
        }
        return all;
    }

    private WinogradStrip strip(WinogradAxis rows, WinogradAxis columns) {
        WinogradLayout points = new WinogradLayout(rows, columns, 2 * parts.count() * channels);
        WinogradLayout sums = new WinogradLayout(rows, columns, vectors(blocks.getFirst()) * way.bits() / 8);
        Map<List<Integer>, List<WinogradStrip.Input>> inputs = new HashMap<>();
        Map<List<Integer>, List<Routine>> outputs = new HashMap<>();
        List<WinogradStrip.Piece> tiles = new ArrayList<>();
        for (int r = 0; r < rows.tiles().size(); r++) {
            for (int c = 0; c < columns.tiles().size(); c++) {
                List<Integer> size = List.of(rows.tile(r), columns.tile(c));
                tiles.add(new WinogradStrip.Piece(r, rows.start(r), columns.start(c), places(points, r, c),
                        places(sums, r, c), inputs.computeIfAbsent(size, s -> inputs(s, points)),
                        outputs.computeIfAbsent(size, s -> blocks.stream().map(n -> output(s, n, sums)).toList())));
            }
        }
        return new WinogradStrip(0, rows.tiles().size(), new WinogradStrip.Bytes(points.bytes(), sums.bytes()),
                List.copyOf(tiles), blocks.stream().map(n -> products(vectors(n), points, sums)).toList(), image);
    }

    private int vectors(int outChannels) {
        return (outChannels + way.lanes() - 1) / way.lanes();
    }

    private static int[] places(WinogradLayout layout, int row, int column) {
        return IntStream.range(0, WinogradLayout.CASES).map(which -> layout.tile(row, column, which)).toArray();
    }

    private List<WinogradStrip.Input> inputs(List<Integer> size, WinogradLayout points) {
        return IntStream.range(0, parts.count()).mapToObj(part -> new WinogradStrip.Input(
                parts.row(part) * image.rowBytes() + parts.column(part) * image.pixelBytes(),
                routine(new WinogradInput(way.bits(), size.getFirst(), size.getLast(), channels * 16 / way.bits(),
                        image.pixelBytes(), image.rowBytes(), points, parts, part)::code))).toList();
    }

    private Routine output(List<Integer> size, int outChannels, WinogradLayout sums) {
        ConvShape shape = image.shape();
        int vectors = vectors(outChannels);
        return routine(new WinogradOutput(way.bits(), size.getFirst(), size.getLast(), vectors,
                outChannels - (vectors - 1) * way.lanes(), shape.outWidth() * shape.outChannels(), shape.outChannels(),
                sums)::code);
    }

    private List<WinogradStrip.Product> products(int vectors, WinogradLayout points, WinogradLayout sums) {
        Map<List<Integer>, WinogradStrip.Cut> cuts = new HashMap<>();
        List<WinogradStrip.Product> products = new ArrayList<>();
        for (int i = 0; i < points.rows().points(); i++) {
            for (int j = 0; j < points.columns().points(); j++) {
                products.add(new WinogradStrip.Product(i * WinogradMatrices.MOST_POINTS + j, points.at(i, j), sums.at(i, j),
                        cuts.computeIfAbsent(List.of(points.tiles(i, j), parts.at(i, j)),
                                c -> cut(c.getFirst(), c.getLast(), vectors, points.tileBytes(), sums.tileBytes()))));
            }
        }
        return products;
    }

    private WinogradStrip.Cut cut(int tiles, int parts, int vectors, int valueBytes, int sumBytes) {
        int most = way.pixels(vectors);
        int turns = (tiles + most - 1) / most;
        int each = (tiles + turns - 1) / turns;
        int rest = tiles % each;
        return new WinogradStrip.Cut(product(each, parts, vectors, valueBytes, sumBytes), each, tiles / each,
                product(Math.max(1, rest), parts, vectors, valueBytes, sumBytes), rest, valueBytes, sumBytes);
    }

    /** Sums are stored as they are, 32 bits each. */
    private Routine product(int tiles, int parts, int vectors, int valueBytes, int sumBytes) {
        int steps = parts * channels / 2;
        return routine(new Tile(way, Ending.FLOATS, tiles, vectors, way.lanes(), 1, 1, steps, 0, 0, valueBytes, sumBytes,
                0, fromMatrixToMatrix(vectors, steps), Tile.Streams.ONE)::code);
    }

    private int fromMatrixToMatrix(int vectors, int steps) {
        BlockLayout layout = new BlockLayout(way, vectors);
        return Math.toIntExact(layout.headBytes() + (long) steps * layout.stepBytes());
    }

    private Routine routine(Function<Abi, byte[]> code) {
        return Routine.tile(memory.load(code.apply(abi), arena));
    }
}
