package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Team;

/** A convolution's packed blocks of output channels, and the code that computes tiles of output pixels with them. */
final class TiledConv {

    /** Writes what an output channel's ending needs. */
    @FunctionalInterface
    interface Parameters {
        void write(int o, MemorySegment head, Place place);
    }

    /** The most blocks of a linear layer whose weights are read side by side for one image. */
    private static final int STREAMS = 4;
    private static final int FARTHEST = 1 << 28;
    /** Parts for each member of a team; where there would be fewer, blocks go one by one. */
    private static final int FEWEST_EACH = 2;

    /** Of the weights of blocks that one call reads, which holds off the garbage collector: 200 microseconds from memory. */
    private static final long MOST_AT_A_TIME = 8 << 20;

    /** The row of a block that is computed while the next block's weights are fetched: the first one waits for its own. */
    private static final int FETCHING_ROW = 1;
    /** A tile of fewer pixels is done before a line of the weights comes from memory. */
    private static final int FETCHING_PIXELS = 12;

    /**
     * A block, or the first of several that one code computes.
     *
     * @param fetching the same, which fetches the next one's weights
     */
    private record Part(Block block, TileCode.Tiling tiling, TileCode.Tiling fetching) { }

    private final TiledLayer layer;
    private final Ending ending;
    private final TileCode code;
    private final List<Block> blocks;
    private final List<Part> parts;
    /** Each block by itself, where a linear layer's go together in {@link #parts}; else the same. */
    private final List<Part> single;

    /** @throws CodeMemoryException when the system gives no memory for its code */
    TiledConv(TiledLayer layer, Ending ending, LayerWeights weights, CodeMemory memory, Abi abi, Arena arena) {
        this(layer, ending, new Blocks(layer, weights, memory, arena).pack(), new TileCode(layer, ending, memory, abi, arena));
    }

    private TiledConv(TiledLayer layer, Ending ending, List<Block> blocks, TileCode code) {
        this.layer = layer;
        this.ending = ending;
        this.code = code;
        this.blocks = blocks;
        parts = parts(layer.linear() ? STREAMS : 1);
        single = parts.size() < blocks.size() ? parts(1) : parts;
    }

    /** @param most blocks of a part */
    private List<Part> parts(int most) {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < blocks.size();) {
            int n = together(i, most);
            Block first = blocks.get(i);
            Tile.Streams streams = n == 1 ? Tile.Streams.ONE
                    : new Tile.Streams(n, (int) first.bytesTo(blocks.get(i + 1)));
            int channels = blocks.subList(i, i + n).stream().mapToInt(Block::channels).sum();
            TileCode.Tiling tiling = code.tiling(first, channels, streams, 0);
            i += n;
            int fetch = i < blocks.size() && layer.shape().outHeight() > FETCHING_ROW + 1
                    && tiling.pixels() >= FETCHING_PIXELS ? fetch(first, blocks.get(i)) : 0;
            parts.add(new Part(first, tiling, fetch == 0 ? tiling : code.tiling(first, channels, streams, fetch)));
        }
        return List.copyOf(parts);
    }

    /** From a block's weights to the next one's, where code can say it. */
    private int fetch(Block block, Block next) {
        long bytes = block.bytesTo(next);
        return layer.way().takesBlocks() && bytes > 0 && bytes <= FARTHEST ? (int) bytes : 0;
    }

    /** How many blocks from one on have heads one behind the other and weights the same way apart. */
    private int together(int first, int most) {
        Block block = blocks.get(first);
        int n = 1;
        while (n < Math.min(most, blocks.size() - first) && (n + 1) * block.weights().byteSize() <= MOST_AT_A_TIME
                && layer.way().takesBlocks() && layer.way().pixels((n + 1) * block.vectors()) > 0
                && blocks.get(first + n - 1).leadsTo(blocks.get(first + n))
                && blocks.get(first + n - 1).bytesTo(blocks.get(first + n)) == block.bytesTo(blocks.get(first + 1))
                && Math.abs(block.bytesTo(blocks.get(first + 1))) <= FARTHEST) {
            n++;
        }
        return n;
    }

    /**
     * The same convolution with another ending. It shares the weights; what is fused has memory of its own, so both may be
     * used side by side.
     *
     * @param more writes what the ending needs
     */
    TiledConv with(Ending other, Parameters more) {
        SegmentAllocator heads = Blocks.heads(
                blocks.stream().map(b -> new BlockLayout(layer.way(), b.vectors())).toList(), Arena.ofAuto());
        return new TiledConv(layer, other, blocks.stream().map(block -> fused(block, more, heads)).toList(),
                code.with(other));
    }

    private Block fused(Block block, Parameters more, SegmentAllocator heads) {
        BlockLayout layout = new BlockLayout(layer.way(), block.vectors());
        MemorySegment head = heads.allocate(layout.headBytes());
        head.copyFrom(block.head());
        int lanes = layer.way().lanes();
        for (int i = 0; i < block.channels(); i++) {
            more.write(block.first() + i, head, new Place(layout, i / lanes, i % lanes));
        }
        return block.with(head);
    }

    /** Steps beyond those of the depth, as a share of these. */
    double moreSteps() {
        long more = blocks.stream().mapToLong(b -> (long) b.moreSteps() * b.vectors()).sum();
        return (double) more / layer.steps() / vectors(_ -> true);
    }

    /** Share of the output channels that go a way. */
    double share(Way one) {
        return (double) vectors(b -> b.way() == one) / vectors(_ -> true);
    }

    private long vectors(Predicate<Block> which) {
        return blocks.stream().filter(which).mapToLong(Block::vectors).sum();
    }

    /** Whether there is one pixel, in and out. */
    boolean linear() {
        return layer.linear();
    }

    /** The same where the ending wants no numbers of signs. */
    void runRows(MemorySegment in, long inAt, MemorySegment out, long outAt, int rows, int inBytes, int outBytes,
                 Team team) {
        runRows(in, inAt, out, outAt, rows, inBytes, outBytes, 0, team);
    }

    /**
     * Computes a linear layer's outputs for several inputs, so that weights are read once for as many as a tile holds.
     *
     * @param inBytes  from an input to the next
     * @param outBytes from an output to the next
     * @param signsAt  where the inputs' numbers of signs begin in {@code in}, as {@link #run} wants them
     */
    void runRows(MemorySegment in, long inAt, MemorySegment out, long outAt, int rows, int inBytes, int outBytes,
                 long signsAt, Team team) {
        Objects.checkFromIndexSize(inAt, (rows - 1L) * inBytes + layer.image().bytes() + layer.maskBytes(), in.byteSize());
        Objects.checkFromIndexSize(outAt, (rows - 1L) * outBytes + ending.bytes(layer.shape().outChannels()),
                out.byteSize());
        checkSigns(in, signsAt, rows);
        try {
            team.split(blocks.size(), (from, to) -> {
                for (int i = from; i < to; i++) {
                    rows(blocks.get(i), in, inAt, out, outAt, rows, inBytes, outBytes, signsAt);
                }
            });
        } catch (CodeMemoryException e) {
            // There is code for one of them.
            code.refused(e);
            for (int row = 0; row < rows; row++) {
                run(in, inAt + (long) row * inBytes, out, outAt + (long) row * outBytes, signsAt + 4L * row, team);
            }
        } finally {
            // Code knows the weights by their address alone.
            Reference.reachabilityFence(this);
        }
    }

    private void rows(Block block, MemorySegment in, long inAt, MemorySegment out, long outAt, int rows, int inBytes,
                      int outBytes, long signsAt) {
        int most = block.way().pixels(block.vectors());
        int tiles = (rows + most - 1) / most;
        for (int tile = 0, row = 0; tile < tiles; tile++) {
            int n = (rows - row + tiles - tile - 1) / (tiles - tile);
            code.rows(block, n, inBytes, outBytes).call(in, out, block.head(),
                    inAt + (long) row * inBytes + (long) block.group() * layer.groupBytes(),
                    outAt + (long) row * outBytes + ending.bytes(block.first()), signsAt + 4L * row, 1);
            row += n;
        }
    }

    /**
     * Computes all outputs.
     *
     * @param inAt    where the padded image begins, in bytes
     * @param outAt   where the output begins, in bytes
     * @param signsAt where the numbers of signs begin in {@code in}, [groups][output pixels]; counts only for
     *                {@link Ending#SIGNS} and {@link Ending#BITS}
     * @param team    shares rows of blocks
     */
    void run(MemorySegment in, long inAt, MemorySegment out, long outAt, long signsAt, Team team) {
        ConvShape shape = layer.shape();
        Objects.checkFromIndexSize(inAt, (long) layer.image().bytes() + layer.maskBytes(), in.byteSize());
        Objects.checkFromIndexSize(outAt,
                (long) shape.outPlane() * ending.bytes(shape.outChannels()), out.byteSize());
        checkSigns(in, signsAt, (long) shape.groups() * shape.outPlane());
        int height = shape.outHeight();
        // Each channel by itself: weights are few, and blocks read neighbouring bytes of the same pixels.
        boolean byRow = layer.way().byChannel();
        List<Part> all = parts.size() < FEWEST_EACH * team.members() ? single : parts;
        try {
            team.split(all.size() * height, (from, to) -> {
                for (int i = from; i < to; i++) {
                    row(all.get(byRow ? i % all.size() : i / height), byRow ? i / all.size() : i % height, in, inAt,
                            out, outAt, signsAt);
                }
            });
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /** Numbers of signs are read where the ending wants them. */
    private void checkSigns(MemorySegment in, long signsAt, long numbers) {
        if (ending.kind() == Ending.Kind.SIGNS || ending.kind() == Ending.Kind.BITS) {
            Objects.checkFromIndexSize(signsAt, Integer.BYTES * numbers, in.byteSize());
        }
    }

    private void row(Part part, int y, MemorySegment in, long inAt, MemorySegment out, long outAt, long signsAt) {
        ConvShape shape = layer.shape();
        Block block = part.block();
        TileCode.Tiling t = y == FETCHING_ROW ? part.fetching() : part.tiling();
        int outPixel = ending.bytes(shape.outChannels());
        long from = inAt + (long) y * shape.strideH() * layer.image().rowBytes()
                + (long) block.group() * layer.groupBytes();
        int pixel = y * shape.outWidth();
        long signs = signsAt + 4L * (block.group() * shape.outPlane() + pixel);
        long to = outAt + (long) pixel * outPixel + ending.bytes(block.first());
        long inPixel = (long) shape.strideW() * layer.image().pixelBytes();
        for (int group = 0; group < t.groups(); group += t.atATime()) {
            long done = (long) t.pixels() * group;
            t.whole().call(in, out, block.head(), from + done * inPixel, to + done * outPixel, signs + 4 * done,
                    Math.min(t.atATime(), t.groups() - group));
        }
        if (t.restPixels() > 0) {
            long done = (long) t.pixels() * t.groups();
            t.rest().call(in, out, block.head(), from + done * inPixel, to + done * outPixel, signs + 4 * done, 1);
        }
    }
}
