package quantscope.format.pt2;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import quantscope.graph.Rearrangement;
import quantscope.tensor.Shape;

/** Parts of a tensor along one axis. */
final class Slices {

    /** More elements than this are no axis of a network that somebody trained. */
    private static final int MOST_PICKED = 1 << 20;

    private Slices() { }

    /**
     * Elements of an axis one by one.
     *
     * @param index of each
     * @throws NotSupportedException for a list that is absurdly long
     */
    static Rearrangement pick(int axis, long count, IntUnaryOperator index) {
        if (count > MOST_PICKED) {
            throw new NotSupportedException("It picks " + count + " elements of an axis one by one.");
        }
        return new Rearrangement.IndexSelect(axis, IntStream.range(0, (int) count).map(index).boxed().toList());
    }

    /** {@code size} elements of an axis from {@code start} on, each {@code step} further. */
    static Rearrangement of(Shape shape, int axis, int start, int size, int step) {
        List<Integer> starts = new ArrayList<>(Collections.nCopies(shape.rank(), 0));
        List<Integer> sizes = new ArrayList<>(shape.dims());
        List<Integer> steps = new ArrayList<>(Collections.nCopies(shape.rank(), 1));
        starts.set(axis, start);
        sizes.set(axis, size);
        steps.set(axis, step);
        return new Rearrangement.Slice(starts, sizes, steps);
    }

    /** The shape without an axis of extent 1 behind {@link #of}. */
    static Shape without(Shape shape, int axis) {
        List<Integer> dims = new ArrayList<>(shape.dims());
        dims.remove(axis);
        return new Shape(dims);
    }
}
