package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Emits a layer's code when it is first wanted. Blocks differ in their weights alone: one code for all stays in the
 * first-level cache.
 */
final class TileCode {

    /** Multiplications of vectors in a call that takes several tiles: some tens of microseconds. */
    private static final int MOST_AT_A_TIME = 1 << 18;

    /**
     * How a row of output pixels is cut: whole tiles, then at most one smaller one.
     *
     * @param atATime of the whole tiles in a call
     */
    record Tiling(Routine whole, int pixels, int groups, int atATime, Routine rest, int restPixels) { }

    /** Code for rows of a linear layer's inputs, which lie a distance apart that was not known when it was packed. */
    private record RowTile(Way way, int vectors, int channels, int rows, int inBytes, int outBytes) { }

    private final TiledLayer layer;
    private final Runs runs;
    private final Ending ending;
    private final CodeMemory memory;
    private final Abi abi;
    private final Arena arena;
    private final Map<Tile, Routine> routines = new ConcurrentHashMap<>();
    private final Map<RowTile, Routine> rowTiles = new ConcurrentHashMap<>();

    TileCode(TiledLayer layer, Ending ending, CodeMemory memory, Abi abi, Arena arena) {
        this.layer = layer;
        this.runs = layer.runs();
        this.ending = ending;
        this.memory = memory;
        this.abi = abi;
        this.arena = arena;
    }

    /** The same layer's for sums that end otherwise. */
    TileCode with(Ending other) {
        return new TileCode(layer, other, memory, abi, Arena.ofAuto());
    }

    /**
     * @param block   the only one, or the first of several that lead from one to the next
     * @param streams how many they are
     * @param fetch   from its weights to others that whole tiles fetch meanwhile; 0 for none
     * @throws CodeMemoryException when the system gives no memory for it
     */
    Tiling tiling(Block block, int channels, Tile.Streams streams, int fetch) {
        int vectors = streams.count() * block.vectors();
        int most = block.way().pixels(vectors);
        int width = layer.shape().outWidth();
        int tiles = (width + most - 1) / most;
        // Tiles of one size waste nothing where the width allows; else the last one is smaller.
        int pixels = (width + tiles - 1) / tiles;
        int rest = width % pixels;
        int in = layer.shape().strideW() * layer.image().pixelBytes();
        int out = ending.bytes(layer.shape().outChannels());
        long each = (long) pixels * vectors * layer.steps();
        return new Tiling(routine(block.way(), vectors, channels, pixels, in, out, streams, fetch), pixels,
                width / pixels, (int) Math.max(1, MOST_AT_A_TIME / each),
                routine(block.way(), vectors, channels, Math.max(1, rest), in, out, streams, 0), rest);
    }

    /**
     * Of a tile that has a linear layer's inputs for pixels.
     *
     * @param inBytes  from an input to the next
     * @param outBytes from an output to the next
     * @throws CodeMemoryException when the system gives no memory for it
     */
    Routine rows(Block block, int rows, int inBytes, int outBytes) {
        return rowTiles.computeIfAbsent(new RowTile(block.way(), block.vectors(), block.channels(), rows, inBytes, outBytes),
                t -> routine(t.way(), t.vectors(), t.channels(), t.rows(), t.inBytes(), t.outBytes(),
                        Tile.Streams.ONE, 0));
    }

    private Routine routine(Way way, int vectors, int channels, int pixels, int inBytes, int outBytes,
                            Tile.Streams streams, int fetch) {
        Tile tile = new Tile(way, ending, pixels, vectors, channels - (vectors - 1) * way.lanes(),
                layer.shape().kernelH(), runs.taps(), runs.steps(), runs.tapBytes(), layer.kernelRowBytes(), inBytes,
                outBytes, layer.maskBytes(), fetch, streams);
        return routines.computeIfAbsent(tile, t -> Routine.tile(memory.load(t.code(abi), arena)));
    }

    /** Notes, once for all layers, that the system gave no memory. */
    void refused(CodeMemoryException e) {
        memory.refused(e);
    }
}
