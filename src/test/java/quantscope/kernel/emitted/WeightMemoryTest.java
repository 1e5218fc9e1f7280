package quantscope.kernel.emitted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WeightMemoryTest {

    private static final long PAGE = 1 << 12;

    private final Arena system = Arena.ofShared();
    private final List<MemorySegment> large = new ArrayList<>();
    private boolean refusing;
    private int released;

    @AfterEach
    void end() {
        system.close();
    }

    @Test
    void weightsOfALargeLayerFollowOneAnotherOnLargePages() {
        try (Arena arena = Arena.ofConfined()) {
            WeightMemory memory = WeightMemory.of(pages(PAGE), 2 * PAGE + 100, arena);
            MemorySegment first = memory.allocate(PAGE + 1);
            MemorySegment second = memory.allocate(PAGE - 28);
            assertEquals(0, first.address() % PAGE);
            assertEquals(first.address() + PAGE + 64, second.address());
            assertEquals(1, large.size());
            assertEquals(first.address(), large.getFirst().address());
            assertEquals(2 * PAGE, large.getFirst().byteSize(), "what is left of the last page is no large one");
            MemorySegment beyond = memory.allocate(PAGE);
            assertTrue(beyond.address() >= first.address() + 2 * PAGE + 100 || beyond.address() + PAGE <= first.address());
            for (MemorySegment some : List.of(first, second, beyond)) {
                assertEquals(0, some.address() % 64);
                assertTrue(some.toArray(ValueLayout.JAVA_BYTE).length > 0);
                for (byte b : some.toArray(ValueLayout.JAVA_BYTE)) {
                    assertEquals(0, b);
                }
                some.fill((byte) 1);
            }
        }
        assertEquals(1, released);
    }

    @Test
    void whereThereAreNoLargePagesJavaGivesMemory() {
        for (long page : new long[] {0, 1 << 20, PAGE}) {
            refusing = page == PAGE;
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment some = WeightMemory.of(pages(page), 2 * PAGE, arena).allocate(2 * PAGE);
                assertEquals(2 * PAGE, some.byteSize());
                assertEquals(0, some.address() % 64);
            }
            assertEquals(List.of(), large);
            assertEquals(0, released);
        }
    }

    @Test
    void moreThanHalfOfWhatTheHeapMayTakeIsJavas() {
        try (Arena arena = Arena.ofConfined()) {
            WeightMemory.of(pages(PAGE), Runtime.getRuntime().maxMemory() / 2, arena).allocate(PAGE);
            assertEquals(List.of(), large);
            WeightMemory.of(pages(PAGE), PAGE, arena).allocate(PAGE);
            assertEquals(1, large.size());
        }
    }

    @Test
    void thisSystemsLargePagesCanBeWritten() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment some = WeightMemory.of(OperatingSystem.current(), 5 << 20, arena).allocate(5 << 20);
            some.fill((byte) 7);
            assertEquals(7, some.get(ValueLayout.JAVA_BYTE, some.byteSize() - 1));
        }
    }

    private OperatingSystem pages(long page) {
        return new OperatingSystem() {
            @Override
            public MemorySegment reserve(long size) {
                if (refusing) {
                    throw new CodeMemoryException("none left");
                }
                // Off a page's beginning, as systems may give it.
                return system.allocate(size + PAGE, PAGE).asSlice(64, size);
            }

            @Override
            public void makeExecutable(MemorySegment memory, long size) {
                throw new IllegalStateException("not code");
            }

            @Override
            public void release(MemorySegment memory, long size) {
                released++;
            }

            @Override
            public long largePage() {
                return page;
            }

            @Override
            public void preferLargePages(MemorySegment memory) {
                large.add(memory);
            }
        };
    }
}
