package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Memory for a layer's packed weights, in one piece. Those of a linear layer come from memory once an image, faster from large
 * pages: fewer translations of addresses, and the CPU's prefetchers, which stop at the end of a page, run on.
 */
final class WeightMemory {


    private final Arena arena;
    private final MemorySegment region;
    private long used;

    /** @param bytes that are expected; more than these are given elsewhere */
    WeightMemory(LargePages pages, long bytes, Arena arena) {
        this.arena = arena;
        region = pages.map(bytes, arena).orElseGet(() -> arena.allocate(bytes, CacheLine.BYTES));
    }

    /** Some of it, zeros, at a line of the cache; each behind the one before while they fit what was expected. */
    synchronized MemorySegment allocate(long bytes) {
        long to = used + bytes;
        if (to > region.byteSize()) {
            return arena.allocate(bytes, CacheLine.BYTES);
        }
        MemorySegment some = region.asSlice(used, bytes);
        used = Math.min(region.byteSize(), CacheLine.up(to));
        return some;
    }
}
