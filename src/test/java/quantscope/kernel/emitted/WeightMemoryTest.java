package quantscope.kernel.emitted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
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
            WeightMemory memory = new WeightMemory(pages(PAGE, 100 * PAGE), 2 * PAGE + 100, arena);
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
                WeightMemory memory = new WeightMemory(pages(page, 100 * PAGE), 2 * PAGE, arena);
                MemorySegment first = memory.allocate(PAGE);
                assertEquals(0, first.address() % 64);
                assertEquals(first.address() + PAGE, memory.allocate(PAGE).address());
            }
            assertEquals(List.of(), large);
            assertEquals(0, released);
        }
    }

    @Test
    void aBoundIsKeptAndWhatIsGivenBackCountsNoMore() {
        LargePages pages = pages(PAGE, 5 * PAGE);
        try (Arena first = Arena.ofConfined(); Arena second = Arena.ofConfined()) {
            assertTrue(pages.map(2 * PAGE, first).isPresent());
            assertTrue(pages.map(2 * PAGE, second).isEmpty());
            assertTrue(pages.map(PAGE, second).isPresent());
        }
        assertEquals(2, released);
        refusing = true;
        try (Arena arena = Arena.ofConfined()) {
            assertTrue(pages.map(4 * PAGE, arena).isEmpty());
            refusing = false;
            assertTrue(pages.map(4 * PAGE, arena).isPresent());
        }
    }

    @Test
    void thisSystemsLargePagesCanBeWritten() {
        OperatingSystem here = OperatingSystem.current();
        Assumptions.assumeTrue(here.largePage() > 0, "has large pages");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment some = new LargePages(here, 1 << 30).map(5 << 20, arena).orElseThrow();
            assertEquals(0, some.address() % here.largePage());
            some.fill((byte) 7);
            assertEquals(7, some.get(ValueLayout.JAVA_BYTE, some.byteSize() - 1));
        }
    }

    private LargePages pages(long page, long most) {
        return new LargePages(new OperatingSystem() {
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
        }, most);
    }
}
