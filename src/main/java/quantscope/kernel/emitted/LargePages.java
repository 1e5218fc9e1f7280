package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** Large pages of the system, as many as a bound allows: Java neither counts them nor collects for their sake. */
final class LargePages {

    private final OperatingSystem system;
    private final long mostBytes;
    private final AtomicLong mapped = new AtomicLong();

    LargePages(OperatingSystem system, long mostBytes) {
        this.system = system;
        this.mostBytes = mostBytes;
    }

    /**
     * Memory of zeros from a large page's beginning on.
     *
     * @return empty where there are no large pages, these bytes fill none, or the bound or the system does not allow them
     */
    Optional<MemorySegment> map(long bytes, Arena arena) {
        long page = system.largePage();
        if (page == 0 || bytes < page) {
            return Optional.empty();
        }
        long size = bytes + page;
        if (mapped.addAndGet(size) > mostBytes) {
            mapped.addAndGet(-size);
            return Optional.empty();
        }
        MemorySegment all;
        try {
            all = system.reserve(size);
        } catch (CodeMemoryException e) {
            mapped.addAndGet(-size);
            return Optional.empty();
        }
        all = all.reinterpret(size, arena, m -> {
            system.release(m, size);
            mapped.addAndGet(-size);
        });
        MemorySegment region = all.asSlice(Math.floorMod(-all.address(), page), bytes);
        // What is left of the last page is not worth one.
        system.preferLargePages(region.asSlice(0, bytes / page * page));
        return Optional.of(region);
    }
}
