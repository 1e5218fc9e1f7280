package quantscope.kernel.emitted;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CachesTest {

    /** Leaf 4 of a Skylake-SP: 32 KiB data of 8 ways, 32 KiB instructions, 1 MiB of 16 ways, 22 MiB of 11 ways. */
    private static final List<int[]> INTEL = List.of(
            new int[] {0x3c004121, 0x01c0003f, 0x0000003f, 0x00000000},
            new int[] {0x3c004122, 0x01c0003f, 0x0000003f, 0x00000000},
            new int[] {0x3c004143, 0x03c0003f, 0x000003ff, 0x00000000},
            new int[] {0x3c07c163, 0x0280003f, 0x00007fff, 0x00000004});

    /** Leaf 8000001D of a Zen 2: 32 KiB of 8 ways, 32 KiB instructions, 512 KiB of 8 ways, 16 MiB of 16 ways. */
    private static final List<int[]> AMD = List.of(
            new int[] {0x00004121, 0x01c0003f, 0x0000003f, 0x00000000},
            new int[] {0x00004122, 0x01c0003f, 0x0000003f, 0x00000000},
            new int[] {0x00004143, 0x01c0003f, 0x000003ff, 0x00000002},
            new int[] {0x00014163, 0x03c0003f, 0x00003fff, 0x00000001});

    @Test
    void sizesAreWaysByPartitionsByLinesBySets() {
        assertEquals(new Caches(32 << 10, 1 << 20, 22 << 20), Caches.of(INTEL));
        assertEquals(new Caches(32 << 10, 512 << 10, 16 << 20), Caches.of(AMD));
        // Two partitions of a cache of 3 sets of 2 ways of lines of 1 KiB.
        assertEquals(12 << 10, Caches.of(List.of(new int[] {0x21, 1 << 22 | 1 << 12 | 1023, 2, 0})).first());
    }

    @Test
    void whatIsNotSaidIsAsUsual() {
        assertEquals(Caches.USUAL, Caches.of(List.of()));
        assertEquals(new Caches(Caches.USUAL.first(), 1 << 20, Caches.USUAL.third()), Caches.of(INTEL.subList(1, 3)));
    }

    @Test
    void whatIsNotSensibleIsAsUsual() {
        assertEquals(Caches.USUAL, Caches.of(List.of(new int[] {0x143, 0, 0, 0}, new int[] {0x143, -1, -1, 0},
                new int[] {0x83, 0x03c0003f, 0x3ff, 0}, new int[] {0x3, 0x03c0003f, 0x3ff, 0})));
        assertFalse(Caches.describes(new int[] {0x3c07c160, 0, 0, 0}));
        assertTrue(Caches.describes(AMD.getFirst()));
    }

    @Test
    void stripsFillTwoFifthsOfTheSecondLevel() {
        assertEquals(400 << 10, Caches.of(INTEL).strip());
        assertEquals(200 << 10, Caches.of(AMD).strip());
    }
}
