package quantscope.kernel.emitted;

import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import quantscope.kernel.Kernel;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/**
 * A convolution that is packed twice: for one image, and for several that follow one another. Where there are several, both
 * are tried in turn on the images that come, and the faster one stays: what the caches of a CPU give back for larger weights
 * is measured, not guessed. They are tried again later, since Java's compiler is not done with the first images. Both give
 * the same levels.
 */
final class ImagesConv implements Kernel {

    /** Of each. The fastest counts, so that a turn which the system held up does not. */
    private static final int TURNS = 4;

    private final Kernel one;
    private final Kernel several;
    private final int fewest;
    private final LongSupplier nanos;
    /** Where both are tried. */
    private static final List<Integer> TRIALS = List.of(0, 64, 512, 4096);
    private static final int LAST = TRIALS.getLast() + 2 * TURNS;

    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicLong oneNanos = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong severalNanos = new AtomicLong(Long.MAX_VALUE);
    private volatile boolean severalAreFaster = true;

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
        OptionalInt turn = turns.get() < LAST ? ofTrial(turns.getAndIncrement()) : OptionalInt.empty();
        if (turn.isEmpty()) {
            (severalAreFaster ? several : one).runRows(memory, input, output, rows, inStride, outStride);
            return;
        }
        if (turn.getAsInt() == 0) {
            oneNanos.set(Long.MAX_VALUE);
            severalNanos.set(Long.MAX_VALUE);
        }
        boolean first = turn.getAsInt() % 2 == 0;
        long start = nanos.getAsLong();
        (first ? several : one).runRows(memory, input, output, rows, inStride, outStride);
        long taken = (nanos.getAsLong() - start) / rows;
        (first ? severalNanos : oneNanos).accumulateAndGet(taken, Math::min);
        if (turn.getAsInt() == 2 * TURNS - 1) {
            severalAreFaster = severalNanos.get() <= oneNanos.get();
        }
    }

    /** Which turn of a trial it is. */
    private static OptionalInt ofTrial(int turn) {
        return TRIALS.stream().mapToInt(start -> turn - start).filter(at -> at >= 0 && at < 2 * TURNS).findFirst();
    }

    @Override
    public boolean gainsFromRows() {
        return true;
    }
}
