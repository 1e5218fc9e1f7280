package quantscope.kernel.emitted;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What weights are cut down to so that vpmaddubsw's 16-bit sums hold, and what is left of them. Levels are not negative,
 * so a sum lies between -largest * (sum of the negative weights' amounts) and largest * (sum of the positive ones): with
 * levels up to 255 either may be 128, with levels up to 127 it may be 258. What goes beyond is added in further steps, of
 * which few are needed as few weights are large. Both together are exact for all values.
 *
 * @param way   that the code goes
 * @param main  the weights of all steps, [step][vector][lane][4]
 * @param steps those that follow
 */
record Remainder(Way way, byte[] main, List<Step> steps) {

    /** @param of whose place in the image the step reads */
    record Step(int of, byte[] weights) { }

    /**
     * Time of a step, in steps of pairs, as measured: half of a doubled one, and one that follows. Pairs need fewer of
     * these than is counted, as they go one vector of channels at a time where they can.
     */
    private static final double DOUBLED_COST = 0.86;
    private static final double MORE_COST = 0.9;
    private static final double ONE_VECTOR = 0.6;

    /** What takes less time, where {@code way} leaves a choice. */
    static Remainder cheapest(byte[] weights, int stepBytes, int runSteps, Way way, int largest) {
        Remainder pairs = of(weights, stepBytes, runSteps, Way.PAIRS_256, largest);
        if (way == Way.PAIRS_256) {
            return pairs;
        }
        Remainder doubled = of(weights, stepBytes, runSteps, Way.DOUBLED_256, largest);
        double fewer = stepBytes > way.bits() / 8 ? ONE_VECTOR : 1;
        int steps = weights.length / stepBytes;
        return DOUBLED_COST * steps + MORE_COST * doubled.steps.size()
                <= steps + fewer * MORE_COST * pairs.steps.size() ? doubled : pairs;
    }

    /**
     * @param weights    of all steps
     * @param stepBytes  of a step's weights
     * @param runSteps   steps of a run of the depth
     * @param way        doubled, where the sums of two neighbouring steps of a run are added in 16 bits
     * @param largest    level
     */
    static Remainder of(byte[] weights, int stepBytes, int runSteps, Way way, int largest) {
        boolean doubled = way == Way.DOUBLED_256;
        int limit = Short.MAX_VALUE / Math.max(1, largest);
        byte[] main = weights.clone();
        List<Step> more = new ArrayList<>();
        int steps = weights.length / stepBytes;
        for (int step = 0; step < steps; ) {
            boolean two = doubled && step % runSteps + 1 < runSteps;
            int at = step * stepBytes;
            if (two && breaks(main, at, at + stepBytes, stepBytes, limit)) {
                more.addAll(fewer(main, step, stepBytes, limit));
            } else if (!two && breaks(main, at, at, stepBytes, limit)) {
                byte[] left = new byte[stepBytes];
                cut(main, at, at, stepBytes, left, limit);
                more.addAll(split(step, left, limit));
            }
            step += two ? 2 : 1;
        }
        return new Remainder(way, main, List.copyOf(more));
    }

    /** Cuts two steps, the first before the second or the other way round, whichever leaves fewer further steps. */
    private static List<Step> fewer(byte[] main, int step, int stepBytes, int limit) {
        int at = step * stepBytes;
        byte[] firstCut = Arrays.copyOfRange(main, at, at + 2 * stepBytes);
        byte[] secondCut = firstCut.clone();
        List<Step> first = cutTwo(firstCut, 0, step, stepBytes, limit);
        List<Step> second = cutTwo(secondCut, 1, step, stepBytes, limit);
        boolean better = first.size() <= second.size();
        System.arraycopy(better ? firstCut : secondCut, 0, main, at, 2 * stepBytes);
        return better ? first : second;
    }

    private static List<Step> cutTwo(byte[] two, int begin, int step, int stepBytes, int limit) {
        List<Step> more = new ArrayList<>();
        for (int i : new int[] {begin, 1 - begin}) {
            byte[] left = new byte[stepBytes];
            cut(two, i * stepBytes, (1 - i) * stepBytes, stepBytes, left, limit);
            more.addAll(split(step + i, left, limit));
        }
        return more;
    }

    /** Steps whose own sums hold. */
    private static List<Step> split(int step, byte[] left, int limit) {
        List<Step> steps = new ArrayList<>();
        byte[] weights = left;
        while (!zero(weights)) {
            byte[] next = new byte[weights.length];
            cut(weights, 0, 0, weights.length, next, limit);
            steps.add(new Step(step, weights));
            weights = next;
        }
        return steps;
    }

    private static boolean zero(byte[] weights) {
        for (byte w : weights) {
            if (w != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the sums of a step's pairs, or of those of two steps, could be too large. */
    private static boolean breaks(byte[] main, int a, int b, int n, int limit) {
        for (int i = 0; i < n; i += 2) {
            int positive = positive(main, a + i, b + i);
            if (Math.max(positive, positive - total(main, a + i, b + i)) > limit) {
                return true;
            }
        }
        return false;
    }

    /** Moves from a step's pairs at {@code a} what they, with those at {@code b}, have above the limit. */
    private static void cut(byte[] main, int a, int b, int n, byte[] left, int limit) {
        for (int i = 0; i < n; i += 2) {
            int positive = positive(main, a + i, b + i);
            int negative = positive - total(main, a + i, b + i);
            move(main, a + i, left, i, 1, positive - limit);
            move(main, a + i, left, i, -1, negative - limit);
        }
    }

    /** Takes an excess from the weights of one sign of a pair. */
    private static void move(byte[] main, int pair, byte[] left, int to, int sign, int excess) {
        for (int j = 0, still = excess; j < 2 && still > 0; j++) {
            int moved = Math.min(still, Math.max(0, sign * main[pair + j]));
            main[pair + j] -= (byte) (sign * moved);
            left[to + j] += (byte) (sign * moved);
            still -= moved;
        }
    }

    /** The positive weights of two pairs, or of one that is given twice. */
    private static int positive(byte[] main, int a, int b) {
        int one = Math.max(0, main[a]) + Math.max(0, main[a + 1]);
        return a == b ? one : one + Math.max(0, main[b]) + Math.max(0, main[b + 1]);
    }

    /** All weights of these; the negative ones' amounts are the positive ones less that. */
    private static int total(byte[] main, int a, int b) {
        int one = main[a] + main[a + 1];
        return a == b ? one : one + main[b] + main[b + 1];
    }

    /** Bytes behind the weights in a block. */
    long bytes(int stepBytes) {
        return (stepBytes + 4L) * steps.size();
    }

    /**
     * Writes all weights, and where the further steps read.
     *
     * @param head    of the block, which says where both are
     * @param weights of the block, with room for the further steps
     */
    void write(MemorySegment head, MemorySegment weights, Runs runs, int rowBytes) {
        MemorySegment.copy(main, 0, weights, ValueLayout.JAVA_BYTE, 0, main.length);
        head.set(ValueLayout.JAVA_LONG, BlockLayout.WEIGHTS, weights.address());
        if (steps.isEmpty()) {
            return;
        }
        int stepBytes = steps.getFirst().weights().length;
        long more = main.length;
        long offsets = more + (long) stepBytes * steps.size();
        head.set(ValueLayout.JAVA_INT, BlockLayout.MORE_STEPS, steps.size());
        head.set(ValueLayout.JAVA_LONG, BlockLayout.MORE_OFFSETS, weights.address() + offsets);
        for (int i = 0; i < steps.size(); i++) {
            int step = steps.get(i).of();
            int inRow = step % runs.rowSteps();
            MemorySegment.copy(steps.get(i).weights(), 0, weights, ValueLayout.JAVA_BYTE, more + (long) i * stepBytes,
                    stepBytes);
            weights.set(ValueLayout.JAVA_INT, offsets + 4L * i, step / runs.rowSteps() * rowBytes
                    + inRow / runs.steps() * runs.tapBytes() + inRow % runs.steps() * 4);
        }
    }
}
