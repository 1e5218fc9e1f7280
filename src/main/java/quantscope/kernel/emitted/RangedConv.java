package quantscope.kernel.emitted;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import quantscope.kernel.Kernel;
import quantscope.kernel.Memory;
import quantscope.kernel.Scratch;

/**
 * A convolution that is packed twice: for images whose levels are 127 at most, as reduced-range observers plan nearly all,
 * and for any. A look at an image takes far less time than multiplying it.
 *
 * @param values levels of an image
 */
record RangedConv(int values, Kernel reduced, Kernel any) implements Kernel {

    static final int REDUCED = 127;

    private static final long UPPER_BITS = 0x8080808080808080L;
    private static final int LOOK = 512;

    @Override
    public Scratch scratch() {
        return reduced.scratch().max(any.scratch());
    }

    @Override
    public String way() {
        return reduced.way() + "; above " + REDUCED + ": " + any.way();
    }

    @Override
    public void run(Memory memory, int[] inputs, int output) {
        (isReduced(MemorySegment.ofArray(memory.bytes()), inputs[0]) ? reduced : any).run(memory, inputs, output);
    }

    /** Ends at the first few levels that say no. */
    private boolean isReduced(MemorySegment levels, int from) {
        for (int i = 0; i < values; i += LOOK) {
            int n = Math.min(LOOK, values - i);
            long all = 0;
            int k = 0;
            for (; k + Long.BYTES <= n; k += Long.BYTES) {
                all |= levels.get(ValueLayout.JAVA_LONG_UNALIGNED, (long) from + i + k);
            }
            for (; k < n; k++) {
                all |= levels.get(ValueLayout.JAVA_BYTE, (long) from + i + k);
            }
            if ((all & UPPER_BITS) != 0) {
                return false;
            }
        }
        return true;
    }
}
