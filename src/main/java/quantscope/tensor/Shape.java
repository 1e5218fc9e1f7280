package quantscope.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The extents of a tensor, outermost first; images are [N,C,H,W], convolution weights [O,I/groups,KH,KW].
 *
 * @param dims each extent is at least 0; an empty list is a scalar
 */
public record Shape(List<Integer> dims) {

    public Shape {
        dims = List.copyOf(dims);
        for (int d : dims) {
            if (d < 0) {
                throw new IllegalArgumentException("negative extent in shape " + dims);
            }
        }
    }

    public static Shape of(int... dims) {
        List<Integer> list = new ArrayList<>(dims.length);
        for (int d : dims) {
            list.add(d);
        }
        return new Shape(list);
    }

    public int rank() {
        return dims.size();
    }

    /** The extent of an axis; a negative axis counts from the end, -1 being the last. */
    public int dim(int axis) {
        return dims.get(axis < 0 ? axis + dims.size() : axis);
    }

    /**
     * The number of elements.
     *
     * @throws ArithmeticException when it does not fit a long
     */
    public long elements() {
        long n = 1;
        for (int d : dims) {
            n = Math.multiplyExact(n, (long) d);
        }
        return n;
    }

    /**
     * The number of elements as an array length.
     *
     * @throws ArithmeticException when it does not fit an int
     */
    public int size() {
        return Math.toIntExact(elements());
    }

    public Shape with(int axis, int extent) {
        List<Integer> copy = new ArrayList<>(dims);
        copy.set(axis < 0 ? axis + dims.size() : axis, extent);
        return new Shape(copy);
    }

    public int[] toArray() {
        return dims.stream().mapToInt(Integer::intValue).toArray();
    }

    /** For example {@code [1,3,64,64]}. */
    @Override
    public String toString() {
        return dims.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }
}
