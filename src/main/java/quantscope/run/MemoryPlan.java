package quantscope.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Places values in one array so that values that are alive at the same time do not overlap. Largest first, each at
 * the lowest place that is free for as long as it lives.
 *
 * @param offsets where each value begins, in elements
 * @param size    elements in all
 */
record MemoryPlan(int[] offsets, int size) {

    /** Values begin at multiples of this many elements, so that vectors of different values share no cache line. */
    private static final int ALIGNMENT = 64;

    /**
     * A value.
     *
     * @param elements its size
     * @param born     the step that writes it
     * @param dies     the last step that reads it; it may not be overwritten before that has ended
     */
    record Lifetime(int elements, int born, int dies) {

        boolean meets(Lifetime other) {
            return born <= other.dies && other.born <= dies;
        }
    }

    /** @throws IllegalArgumentException when the values need more than an array can hold */
    static MemoryPlan of(List<Lifetime> values) {
        long[] offsets = new long[values.size()];
        List<Integer> order = IntStream.range(0, values.size()).boxed()
                .sorted(Comparator.comparingInt((Integer i) -> -values.get(i).elements())).toList();
        List<Integer> placed = new ArrayList<>();
        long size = 0;
        for (int value : order) {
            offsets[value] = lowestGap(values, offsets, placed, value);
            placed.add(value);
            size = Math.max(size, offsets[value] + values.get(value).elements());
        }
        if (size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("the activations of one image need " + size
                    + " elements at a time, more than the 2^31 of an array; use a smaller input");
        }
        return new MemoryPlan(Arrays.stream(offsets).mapToInt(Math::toIntExact).toArray(), (int) size);
    }

    private static long lowestGap(List<Lifetime> values, long[] offsets, List<Integer> placed, int value) {
        Lifetime wanted = values.get(value);
        List<Integer> neighbours = placed.stream().filter(other -> values.get(other).meets(wanted))
                .sorted(Comparator.comparingLong(other -> offsets[other])).toList();
        long at = 0;
        for (int other : neighbours) {
            if (at + wanted.elements() <= offsets[other]) {
                return at;
            }
            long end = offsets[other] + values.get(other).elements();
            at = Math.max(at, (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        }
        return at;
    }
}
