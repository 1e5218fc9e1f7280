package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Cuts a layer's output channels into blocks and packs them, some at a time on the common pool's threads. */
record Blocks(TiledLayer layer, LayerWeights weights, CodeMemory memory, Arena arena) {

    /** Rows of output pixels that are no longer fill a tile of pairs with two vectors. */
    private static final int SHORT_ROW = 5;
    /** Of a buffer in which steps of all channels come together before they are copied: it stays in the first-level cache. */
    private static final int BUFFER_WORDS = 4096;

    private record Cut(int first, int channels, int vectors) {

        BlockLayout layout(Way way) {
            return new BlockLayout(way, vectors);
        }
    }

    private record Room(Cut cut, MemorySegment head, MemorySegment packed) { }

    List<Block> pack() {
        List<Cut> cuts = cuts();
        long bytes = cuts.stream().mapToLong(cut -> CacheLine.up(bytes(cut))).sum();
        WeightMemory room = memory.weights(bytes, arena);
        if (layer.way().saturates()) {
            return cuts.parallelStream().flatMap(cut -> saturating(cut, room)).toList();
        }
        // One behind the other, so that a tile may take several.
        SegmentAllocator heads = heads(cuts.stream().map(cut -> cut.layout(layer.way())).toList(), arena);
        List<Room> rooms = cuts.stream()
                .map(cut -> new Room(cut, heads.allocate(cut.layout(layer.way()).headBytes()), room.allocate(bytes(cut))))
                .toList();
        return rooms.parallelStream().map(this::exact).toList();
    }

    /** Gives heads one behind the other. */
    static SegmentAllocator heads(List<BlockLayout> layouts, Arena arena) {
        return SegmentAllocator.slicingAllocator(
                arena.allocate(layouts.stream().mapToLong(BlockLayout::headBytes).sum(), CacheLine.BYTES));
    }

    private List<Cut> cuts() {
        List<Cut> cuts = new ArrayList<>();
        int channels = layer.shape().outChannels();
        int perGroup = layer.way().byChannel() ? channels : layer.shape().outPerGroup();
        for (int group = 0; group < channels; group += perGroup) {
            for (int done = 0; done < perGroup;) {
                int vectors = layer.vectors(perGroup - done);
                int some = Math.min(perGroup - done, vectors * layer.way().lanes());
                cuts.add(new Cut(group + done, some, vectors));
                done += some;
            }
        }
        return cuts;
    }

    private long bytes(Cut cut) {
        return (long) layer.steps() * cut.layout(layer.way()).stepBytes();
    }

    private Block exact(Room room) {
        Cut cut = room.cut();
        fill(cut, room.packed());
        write(cut, room.head());
        room.head().set(ValueLayout.JAVA_LONG, BlockLayout.WEIGHTS, room.packed().address());
        return new Block(cut.first(), group(cut), cut.channels(), cut.vectors(), layer.way(), room.head(), room.packed(), 0);
    }

    private Stream<Block> saturating(Cut cut, WeightMemory room) {
        Way way = layer.way();
        BlockLayout layout = cut.layout(way);
        byte[] uncut = new byte[Math.toIntExact(bytes(cut))];
        fill(cut, MemorySegment.ofArray(uncut));
        Remainder remainder = Remainder.cheapest(uncut, layout.stepBytes(), layer.runs().steps(), way, layer.largest());
        if (remainder.way() == Way.PAIRS_256 && cut.vectors() > 1 && layer.shape().outWidth() > SHORT_ROW) {
            // Fewer channels together need fewer further steps, and more pixels fit.
            return Stream.iterate(0, from -> from < cut.channels(), from -> from + way.lanes()).flatMap(from ->
                    saturating(new Cut(cut.first() + from, Math.min(way.lanes(), cut.channels() - from), 1), room));
        }
        MemorySegment packed = room.allocate(uncut.length + remainder.bytes(layout.stepBytes()));
        MemorySegment head = arena.allocate(layout.headBytes(), CacheLine.BYTES);
        write(cut, head);
        remainder.write(head, packed, layer.runs(), layer.kernelRowBytes());
        return Stream.of(new Block(cut.first(), group(cut), cut.channels(), cut.vectors(), remainder.way(), head, packed,
                remainder.steps().size()));
    }

    private int group(Cut cut) {
        return cut.first() / layer.shape().outPerGroup();
    }

    private void write(Cut cut, MemorySegment head) {
        BlockLayout layout = cut.layout(layer.way());
        int lanes = layer.way().lanes();
        for (int i = 0; i < cut.channels(); i++) {
            weights.channel(cut.first() + i, head, new Place(layout, i / lanes, i % lanes));
        }
        int last = cut.channels() - (cut.vectors() - 1) * lanes;
        for (int lane = 0; lane < Math.min(last, 8); lane++) {
            head.set(ValueLayout.JAVA_INT, BlockLayout.LANES + 4L * lane, -1);
        }
        layout.constants(head);
        weights.head(head);
    }

    private void fill(Cut cut, MemorySegment packed) {
        int width = cut.vectors() * layer.way().lanes();
        int most = Math.max(1, BUFFER_WORDS / width);
        // Lanes without a channel stay 0.
        int[] buffer = new int[most * width];
        int steps = layer.steps();
        for (int step = 0; step < steps; step += most) {
            int some = Math.min(most, steps - step);
            for (int i = 0; i < cut.channels(); i++) {
                weights.words(cut.first() + i, step, some, buffer, i, width);
            }
            MemorySegment.copy(buffer, 0, packed, ValueLayout.JAVA_INT_UNALIGNED, 4L * step * width, some * width);
        }
    }
}
