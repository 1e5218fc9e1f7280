package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Cuts a layer's output channels into blocks and packs them, some at a time on the common pool's threads. */
record Blocks(TiledLayer layer, LayerWeights weights, Arena arena) {

    /** Rows of output pixels that are no longer fill a tile of pairs with two vectors. */
    private static final int SHORT_ROW = 5;
    private static final int LINE = 64;
    /** Of a buffer in which steps of all channels come together before they are copied: it stays in the first-level cache. */
    private static final int BUFFER_WORDS = 4096;

    private record Cut(int first, int channels, int vectors) { }

    List<Block> pack() {
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
        return cuts.parallelStream().flatMap(this::blocks).toList();
    }

    private Stream<Block> blocks(Cut cut) {
        Way way = layer.way();
        BlockLayout layout = new BlockLayout(way, cut.vectors());
        long bytes = (long) layer.steps() * layout.stepBytes();
        if (!way.saturates()) {
            MemorySegment packed = arena.allocate(bytes, LINE);
            fill(cut, packed);
            MemorySegment head = head(cut, layout);
            head.set(ValueLayout.JAVA_LONG, BlockLayout.WEIGHTS, packed.address());
            return Stream.of(new Block(cut.first(), group(cut), cut.channels(), cut.vectors(), way, head, packed, 0));
        }
        byte[] uncut = new byte[Math.toIntExact(bytes)];
        fill(cut, MemorySegment.ofArray(uncut));
        Remainder remainder = Remainder.cheapest(uncut, layout.stepBytes(), layer.runs().steps(), way, layer.largest());
        if (remainder.way() == Way.PAIRS_256 && cut.vectors() > 1 && layer.shape().outWidth() > SHORT_ROW) {
            // Fewer channels together need fewer further steps, and more pixels fit.
            return Stream.iterate(0, from -> from < cut.channels(), from -> from + way.lanes()).flatMap(from ->
                    blocks(new Cut(cut.first() + from, Math.min(way.lanes(), cut.channels() - from), 1)));
        }
        MemorySegment packed = arena.allocate(bytes + remainder.bytes(layout.stepBytes()), LINE);
        MemorySegment head = head(cut, layout);
        remainder.write(head, packed, layer.runs(), layer.kernelRowBytes());
        return Stream.of(new Block(cut.first(), group(cut), cut.channels(), cut.vectors(), remainder.way(), head, packed,
                remainder.steps().size()));
    }

    private int group(Cut cut) {
        return cut.first() / layer.shape().outPerGroup();
    }

    private MemorySegment head(Cut cut, BlockLayout layout) {
        MemorySegment head = arena.allocate(layout.headBytes(), LINE);
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
        return head;
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
