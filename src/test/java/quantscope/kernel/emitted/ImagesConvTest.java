package quantscope.kernel.emitted;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import quantscope.kernel.Kernel;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

class ImagesConvTest {

    private static final int FEWEST = 4;

    private final AtomicLong clock = new AtomicLong();
    private final Memory memory = Memory.of(0, 0, Scratch.NONE);

    /** Takes so long for an image. */
    private final class Timed implements Kernel {

        private long nanos;
        private int rows;

        Timed(long nanos) {
            this.nanos = nanos;
        }

        @Override
        public void run(Memory memory, int[] inputs, int output) {
            rows++;
            clock.addAndGet(nanos);
        }
    }

    @Test
    void keepsWhatIsFasterForSeveralImagesOnThisMachine() {
        for (long severalNanos : new long[] {50, 150}) {
            Timed one = new Timed(100);
            Timed several = new Timed(severalNanos);
            Kernel both = new ImagesConv(one, several, FEWEST, clock::get);
            rows(both, 20, FEWEST);
            Timed faster = severalNanos < 100 ? several : one;
            Timed slower = severalNanos < 100 ? one : several;
            assertEquals(4 * FEWEST, slower.rows);
            assertEquals(16 * FEWEST, faster.rows);
        }
    }

    @Test
    void whatIsSlowAtFirstIsTriedAgain() {
        Timed one = new Timed(100);
        Timed several = new Timed(1000);
        Kernel both = new ImagesConv(one, several, FEWEST, clock::get);
        rows(both, 64, FEWEST);
        assertEquals(4 * FEWEST, several.rows);
        several.nanos = 50;
        rows(both, 8, FEWEST);
        assertEquals(8 * FEWEST, several.rows);
        rows(both, 100, FEWEST);
        assertEquals(108 * FEWEST, several.rows);
        several.nanos = 200;
        rows(both, 10_000, FEWEST);
        // Until the next trial, then a half of that and of the one after it.
        assertEquals((108 + 512 - 172 + 4 + 4) * FEWEST, several.rows);
    }

    @Test
    void fewImagesGoTheWayOfOne() {
        Timed one = new Timed(100);
        Timed several = new Timed(1);
        Kernel both = new ImagesConv(one, several, FEWEST, clock::get);
        rows(both, 10, FEWEST - 1);
        assertEquals(0, several.rows);
        rows(both, 20, FEWEST);
        both.run(memory, new int[] {0}, 0);
        rows(both, 1, 2);
        assertEquals(10 * (FEWEST - 1) + 4 * FEWEST + 3, one.rows);
    }

    private void rows(Kernel kernel, int times, int images) {
        for (int i = 0; i < times; i++) {
            kernel.runRows(memory, 0, 0, images, 0, 0);
        }
    }
}
