package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory for a layer's packed weights. Those of a linear layer come from memory once an image, faster from large pages:
 * fewer translations of addresses, and the CPU's prefetchers, which stop at the end of a page, run on.
 */
final class WeightMemory {

    private static final int LINE = 64;
    private static final AtomicLong MAPPED = new AtomicLong();

    private final Arena arena;
    private final MemorySegment region;
    private long used;

    private WeightMemory(MemorySegment region, Arena arena) {
        this.region = region;
        this.arena = arena;
    }

    /**
     * Large pages where the system has them and the layer fills one. They are not among those that Java counts, so beyond
     * half of what the heap may take it is Java that gives memory, and collects what nobody has any more.
     */
    static WeightMemory of(OperatingSystem system, long bytes, Arena arena) {
        long page = system.largePage();
        if (page == 0 || bytes < page) {
            return ordinary(bytes, arena);
        }
        long size = bytes + page;
        if (MAPPED.addAndGet(size) > Runtime.getRuntime().maxMemory() / 2) {
            MAPPED.addAndGet(-size);
            return ordinary(bytes, arena);
        }
        MemorySegment all;
        try {
            all = system.reserve(size).reinterpret(size, arena, m -> {
                system.release(m, size);
                MAPPED.addAndGet(-size);
            });
        } catch (CodeMemoryException e) {
            MAPPED.addAndGet(-size);
            return ordinary(bytes, arena);
        }
        MemorySegment region = all.asSlice(Math.floorMod(-all.address(), page), bytes);
        // What is left of the last page is not worth one.
        system.preferLargePages(region.asSlice(0, bytes / page * page));
        return new WeightMemory(region, arena);
    }

    private static WeightMemory ordinary(long bytes, Arena arena) {
        return new WeightMemory(arena.allocate(bytes, LINE), arena);
    }

    /** Some of it, zeros, at a line of the cache; each behind the one before while they fit what was asked for. */
    synchronized MemorySegment allocate(long bytes) {
        long to = used + bytes;
        if (to > region.byteSize()) {
            return arena.allocate(bytes, LINE);
        }
        MemorySegment some = region.asSlice(used, bytes);
        used = Math.min(region.byteSize(), (to + LINE - 1) / LINE * LINE);
        return some;
    }
}
