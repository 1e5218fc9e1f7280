package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Team;

/** A convolution's weights and code, cut into blocks of output channels and tiles of output pixels. */
final class TiledConv {

    /** Writes one output channel's part of a block. */
    @FunctionalInterface
    interface Packer {
        void pack(int o, MemorySegment block, Place place);
    }

    /** Output channels that are computed together, with code for a row's tiles and for what is left of it. */
    private record Block(int first, int group, int channels, int vectors, Packed packed, Tiling tiling) {

        MemorySegment data() {
            return packed.data();
        }
    }

    /**
     * A block's weights.
     *
     * @param way       that its code goes
     * @param moreSteps beyond those of the depth
     */
    private record Packed(Way way, MemorySegment data, int moreSteps) { }

    /**
     * How a row of output pixels is cut: whole tiles, then at most one smaller one.
     *
     * @param atATime of the whole tiles in a call
     */
    private record Tiling(Routine whole, int pixels, int groups, int atATime, Routine rest, int restPixels) { }

    /** Rows of output pixels that are no longer fill a tile of pairs with two vectors. */
    private static final int SHORT_ROW = 5;
    /** Multiplications of vectors in a call that takes several tiles: some tens of microseconds. */
    private static final int MOST_AT_A_TIME = 1 << 18;

    private final ConvShape shape;
    private final PaddedImage image;
    private final Way way;
    private final Ending ending;
    private final int groupBytes;
    private final int maskBytes;
    private final int largest;
    private final Runs runs;
    private final CodeMemory memory;
    private final Abi abi;
    private final Arena arena;
    private final List<Block> blocks;
    /** Blocks differ in their weights alone: one code for all stays in the first-level cache. */
    private final Map<Tile, Routine> routines = new ConcurrentHashMap<>();
    private final Map<RowTile, Routine> rowTiles = new ConcurrentHashMap<>();

    /** Code for rows of a linear layer's inputs, which lie a distance apart that was not known when it was packed. */
    private record RowTile(Way way, int vectors, int channels, int rows, int inBytes, int outBytes) { }

    /**
     * @param image      that the code reads
     * @param groupBytes of one of its pixels that belong to one group
     * @param maskBytes  from the image to its mask, 0 where there is none
     * @param head       writes what a block begins with
     */
    TiledConv(ConvShape shape, PaddedImage image, int groupBytes, int maskBytes, Way way, Ending ending, Packer packer,
              Consumer<MemorySegment> head, CodeMemory memory, Abi abi, Arena arena) {
        this(shape, image, groupBytes, maskBytes, 255, way, ending, packer, head, memory, abi, arena);
    }

    /** @param largest level of the image, where the way takes levels */
    TiledConv(ConvShape shape, PaddedImage image, int groupBytes, int maskBytes, int largest, Way way, Ending ending,
              Packer packer, Consumer<MemorySegment> head, CodeMemory memory, Abi abi, Arena arena) {
        this.shape = shape;
        this.image = image;
        this.way = way;
        this.ending = ending;
        this.groupBytes = groupBytes;
        this.maskBytes = maskBytes;
        this.largest = largest;
        this.memory = memory;
        this.abi = abi;
        this.arena = arena;
        runs = Runs.of(shape, image.pixelBytes(), groupBytes);
        List<Block> packed = new ArrayList<>();
        int perGroup = way.byChannel() ? shape.outChannels() : shape.outPerGroup();
        for (int from = 0; from < shape.outChannels(); from += perGroup) {
            int done = 0;
            while (done < perGroup) {
                int vectors = vectors(perGroup - done);
                int channels = Math.min(perGroup - done, vectors * way.lanes());
                int first = from + done;
                int group = first / shape.outPerGroup();
                Packed block = block(first, channels, vectors, packer, head);
                if (block.way() == Way.PAIRS_256 && vectors > 1 && shape.outWidth() > SHORT_ROW) {
                    // Fewer channels together need fewer further steps, and more pixels fit.
                    vectors = 1;
                    channels = Math.min(channels, way.lanes());
                    block = block(first, channels, vectors, packer, head);
                }
                packed.add(new Block(first, group, channels, vectors, block, tiling(block.way(), vectors, channels)));
                done += channels;
            }
        }
        blocks = List.copyOf(packed);
    }

    /**
     * The same convolution, and the same memory for weights, with another ending.
     *
     * @param more writes what the ending needs into the blocks
     */
    TiledConv with(Ending other, Packer more) {
        return new TiledConv(this, other, more);
    }

    private TiledConv(TiledConv from, Ending ending, Packer more) {
        shape = from.shape;
        image = from.image;
        way = from.way;
        this.ending = ending;
        groupBytes = from.groupBytes;
        maskBytes = from.maskBytes;
        largest = from.largest;
        runs = from.runs;
        memory = from.memory;
        abi = from.abi;
        arena = from.arena;
        blocks = from.blocks.stream().map(b -> {
            pack(b.data(), new BlockLayout(way, b.vectors()), b.first(), b.channels(), more);
            return new Block(b.first(), b.group(), b.channels(), b.vectors(), b.packed(),
                    tiling(b.packed().way(), b.vectors(), b.channels()));
        }).toList();
    }

    private Packed block(int first, int channels, int vectors, Packer packer, Consumer<MemorySegment> head) {
        BlockLayout layout = new BlockLayout(way, vectors);
        long size = layout.weights((long) shape.kernelH() * runs.rowSteps(), 0);
        if (!way.saturates()) {
            MemorySegment block = arena.allocate(size, 64);
            fill(block, layout, first, channels, packer, head);
            return new Packed(way, block, 0);
        }
        try (Arena passing = Arena.ofConfined()) {
            MemorySegment uncut = passing.allocate(size, 64);
            fill(uncut, layout, first, channels, packer, head);
            int stepBytes = vectors * layout.vectorBytes();
            Remainder remainder = Remainder.cheapest(uncut.asSlice(layout.weights()).toArray(ValueLayout.JAVA_BYTE),
                    stepBytes, runs.steps(), way, largest);
            MemorySegment block = arena.allocate(size + remainder.bytes(stepBytes), 64);
            MemorySegment.copy(uncut, 0, block, 0, layout.weights());
            remainder.write(block, layout.weights(), runs, shape.dilationH() * image.rowBytes());
            return new Packed(remainder.way(), block, remainder.steps().size());
        }
    }

    private void fill(MemorySegment block, BlockLayout layout, int first, int channels, Packer packer,
                      Consumer<MemorySegment> head) {
        pack(block, layout, first, channels, packer);
        int last = channels - (layout.vectors() - 1) * way.lanes();
        for (int lane = 0; lane < Math.min(last, 8); lane++) {
            block.set(ValueLayout.JAVA_INT, BlockLayout.LANES + 4L * lane, -1);
        }
        layout.constants(block);
        head.accept(block);
    }

    private void pack(MemorySegment block, BlockLayout layout, int first, int channels, Packer packer) {
        for (int i = 0; i < channels; i++) {
            packer.pack(first + i, block, new Place(layout, runs, groupBytes, i / way.lanes(), i % way.lanes()));
        }
    }

    /** Few vectors of channels keep loads few; where a row has few pixels, more of them keep the multipliers busy. */
    private int vectors(int channels) {
        if (way.byChannel()) {
            int tiles = (shape.outWidth() + way.pixels(1) - 1) / way.pixels(1);
            int pixels = (shape.outWidth() + tiles - 1) / tiles;
            // Vectors have nothing in common here, but a call does more with several.
            return Math.max(1, Math.min(way.vectors(pixels), (channels + way.lanes() - 1) / way.lanes()));
        }
        int few = way == Way.BITS_512 ? 4 : 2;
        int most = way.registers() < 32 ? 2 : shape.outWidth() > 4 || linear() ? few : shape.outWidth() == 1 ? 8 : 4;
        return Math.min(most, (channels + way.lanes() - 1) / way.lanes());
    }

    private Tiling tiling(Way to, int vectors, int channels) {
        int most = to.pixels(vectors);
        int width = shape.outWidth();
        int tiles = (width + most - 1) / most;
        // Tiles of one size waste nothing where the width allows; else the last one is smaller.
        int pixels = (width + tiles - 1) / tiles;
        int rest = width % pixels;
        int in = shape.strideW() * image.pixelBytes();
        int out = ending.bytes(shape.outChannels());
        long each = (long) pixels * vectors * shape.kernelH() * runs.rowSteps();
        return new Tiling(routine(to, vectors, channels, pixels, in, out), pixels, width / pixels,
                (int) Math.max(1, MOST_AT_A_TIME / each),
                routine(to, vectors, channels, Math.max(1, rest), in, out), rest);
    }

    private Routine routine(Way to, int vectors, int channels, int pixels, int inBytes, int outBytes) {
        Tile tile = new Tile(to, ending, pixels, vectors, channels - (vectors - 1) * way.lanes(), shape.kernelH(),
                runs.taps(), runs.steps(), runs.tapBytes(), shape.dilationH() * image.rowBytes(),
                inBytes, outBytes, maskBytes, 0);
        return routines.computeIfAbsent(tile, t -> Routine.tile(memory.load(t.code(abi), arena)));
    }

    /** Steps beyond those of the depth, as a share of these. */
    double moreSteps() {
        long more = blocks.stream().mapToLong(b -> (long) b.packed().moreSteps() * b.vectors()).sum();
        return (double) more / shape.kernelH() / runs.rowSteps() / vectors(_ -> true);
    }

    /** Share of the output channels that go a way. */
    double share(Way one) {
        return (double) vectors(b -> b.packed().way() == one) / vectors(_ -> true);
    }

    private long vectors(Predicate<Block> which) {
        return blocks.stream().filter(which).mapToLong(Block::vectors).sum();
    }

    /** Whether there is one pixel, in and out. */
    boolean linear() {
        return shape.inPlane() == 1 && shape.outPlane() == 1 && image.plain();
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
        Objects.checkFromIndexSize(inAt, (rows - 1L) * inBytes + image.bytes() + maskBytes, in.byteSize());
        Objects.checkFromIndexSize(outAt, (rows - 1L) * outBytes + ending.bytes(shape.outChannels()),
                out.byteSize());
        checkSigns(in, signsAt, rows);
        team.split(blocks.size(), (from, to) -> {
            for (Block block : blocks.subList(from, to)) {
                rows(block, in, inAt, out, outAt, rows, inBytes, outBytes, signsAt);
            }
        });
    }

    private void rows(Block block, MemorySegment in, long inAt, MemorySegment out, long outAt, int rows, int inBytes,
                      int outBytes, long signsAt) {
        Way way = block.packed().way();
        int most = way.pixels(block.vectors());
        int tiles = (rows + most - 1) / most;
        for (int tile = 0, row = 0; tile < tiles; tile++) {
            int n = (rows - row + tiles - tile - 1) / (tiles - tile);
            Routine routine = rowTiles.computeIfAbsent(new RowTile(way, block.vectors(), block.channels(), n,
                    inBytes, outBytes), t -> routine(t.way(), t.vectors(), t.channels(), t.rows(), t.inBytes(), t.outBytes()));
            routine.call(in, out, block.data(), inAt + (long) row * inBytes + (long) block.group() * groupBytes,
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
        Objects.checkFromIndexSize(inAt, (long) image.bytes() + maskBytes, in.byteSize());
        Objects.checkFromIndexSize(outAt,
                (long) shape.outPlane() * ending.bytes(shape.outChannels()), out.byteSize());
        checkSigns(in, signsAt, (long) shape.groups() * shape.outPlane());
        int height = shape.outHeight();
        if (way.byChannel()) {
            // Weights are few, and blocks read neighbouring bytes of the same pixels.
            team.split(height * blocks.size(), (from, to) -> {
                for (int i = from; i < to; i++) {
                    row(blocks.get(i % blocks.size()), i / blocks.size(), in, inAt, out, outAt, signsAt);
                }
            });
            return;
        }
        team.split(blocks.size() * height, (from, to) -> {
            for (int i = from; i < to; i++) {
                row(blocks.get(i / height), i % height, in, inAt, out, outAt, signsAt);
            }
        });
    }

    /** Numbers of signs are read where the ending wants them. */
    private void checkSigns(MemorySegment in, long signsAt, long numbers) {
        if (ending.kind() == Ending.Kind.SIGNS || ending.kind() == Ending.Kind.BITS) {
            Objects.checkFromIndexSize(signsAt, Integer.BYTES * numbers, in.byteSize());
        }
    }

    private void row(Block block, int y, MemorySegment in, long inAt, MemorySegment out, long outAt, long signsAt) {
        Tiling t = block.tiling();
        int outPixel = ending.bytes(shape.outChannels());
        long from = inAt + (long) y * shape.strideH() * image.rowBytes() + (long) block.group() * groupBytes;
        int pixel = y * shape.outWidth();
        long signs = signsAt + 4L * (block.group() * shape.outPlane() + pixel);
        long to = outAt + (long) pixel * outPixel + ending.bytes(block.first());
        long inPixel = (long) shape.strideW() * image.pixelBytes();
        for (int group = 0; group < t.groups(); group += t.atATime()) {
            long done = (long) t.pixels() * group;
            t.whole().call(in, out, block.data(), from + done * inPixel, to + done * outPixel, signs + 4 * done,
                    Math.min(t.atATime(), t.groups() - group));
        }
        if (t.restPixels() > 0) {
            long done = (long) t.pixels() * t.groups();
            t.rest().call(in, out, block.data(), from + done * inPixel, to + done * outPixel, signs + 4 * done, 1);
        }
    }
}
