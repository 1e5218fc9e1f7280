package quantscope.kernel.emitted;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import quantscope.kernel.Kernel;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/**
 * A convolution that is packed twice: for one image, and for several that follow one another. Where there are several, both
 * are tried in turn on the images that come, and the faster one stays: what the caches of a CPU give back for larger weights
 * is measured, not guessed. Both give the same levels.
 */
final class ImagesConv implements Kernel {

    /** Of each. The fastest counts, so that a turn which the system held up does not. */
    private static final int TURNS = 4;

    private final Kernel one;
    private final Kernel several;
    private final int fewest;
    private final LongSupplier nanos;
    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicLong oneNanos = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong severalNanos = new AtomicLong(Long.MAX_VALUE);

    /** @param fewest images that are several */
    ImagesConv(Kernel one, Kernel several, int fewest) {
        this(one, several, fewest, System::nanoTime);
    }

    ImagesConv(Kernel one, Kernel several, int fewest, LongSupplier nanos) {
        this.nanos = nanos;
        this.one = one;
        this.several = several;
        this.fewest = fewest;
    }

    @Override
    public Scratch scratch() {
        return one.scratch().max(several.scratch());
    }

    @Override
    public String way() {
        return one.way() + "; " + fewest + " images: " + several.way() + " where it is faster";
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        one.run(memory, inputs, output);
    }

    @Override
    public void runRows(Memory memory, int input, int output, int rows, int inStride, int outStride) {
        if (rows < fewest) {
            one.runRows(memory, input, output, rows, inStride, outStride);
            return;
        }
        int turn = turns.get() < 2 * TURNS ? turns.getAndIncrement() : 2 * TURNS;
        if (turn >= 2 * TURNS) {
            (severalNanos.get() <= oneNanos.get() ? several : one).runRows(memory, input, output, rows, inStride, outStride);
            return;
        }
        long start = nanos.getAsLong();
        (turn % 2 == 0 ? several : one).runRows(memory, input, output, rows, inStride, outStride);
        long taken = (nanos.getAsLong() - start) / rows;
        (turn % 2 == 0 ? severalNanos : oneNanos).accumulateAndGet(taken, Math::min);
    }

    @Override
    public boolean gainsFromRows() {
        return true;
    }
}
