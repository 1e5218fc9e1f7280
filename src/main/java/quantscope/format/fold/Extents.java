package quantscope.format.fold;

import java.util.Arrays;
import quantscope.tensor.Shape;

/** Sizes, axes and strides, checked before anything is allocated. */
final class Extents {

    /** A result may be larger than its operands only up to this many elements (32 MiB of floats). */
    private static final long FREE = 1L << 23;

    private Extents() { }

    /**
     * A checked shape of a result.
     *
     * @param largestOperand elements of the largest operand
     * @throws FoldException when it is negative or absurdly large
     */
    static Shape result(long[] dims, long largestOperand) {
        long elements = 1;
        for (long d : dims) {
            if (d < 0 || d > Integer.MAX_VALUE) {
                throw new FoldException("the result would have shape " + Arrays.toString(dims));
            }
            elements = d == 0 || elements == 0 ? 0 : elements > Integer.MAX_VALUE / d ? Long.MAX_VALUE : elements * d;
            if (elements == Long.MAX_VALUE) {
                break;
            }
        }
        if (elements > Math.max(FREE, largestOperand)) {
            throw new FoldException("the result would have shape " + Arrays.toString(dims) + ", more than "
                    + Math.max(FREE, largestOperand) + " elements");
        }
        return Shape.of(Arrays.stream(dims).mapToInt(Math::toIntExact).toArray());
    }

    /** A not negative axis; -1 is the last. */
    static int axis(long axis, int rank) {
        long positive = axis < 0 ? axis + rank : axis;
        if (positive < 0 || positive >= rank) {
            throw new FoldException("axis " + axis + " is outside of rank " + rank);
        }
        return (int) positive;
    }

    /** Elements between two neighbours along each axis, row-major. */
    static int[] strides(Shape shape) {
        int[] strides = new int[shape.rank()];
        int step = 1;
        for (int i = strides.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= shape.dim(i);
        }
        return strides;
    }

    /** Numpy's rule: aligned at the end, an extent of 1 is repeated. */
    static Shape broadcast(Shape a, Shape b) {
        int rank = Math.max(a.rank(), b.rank());
        long[] out = new long[rank];
        for (int i = 1; i <= rank; i++) {
            int da = i <= a.rank() ? a.dim(-i) : 1;
            int db = i <= b.rank() ? b.dim(-i) : 1;
            if (da != db && da != 1 && db != 1) {
                throw new FoldException("shapes " + a + " and " + b + " do not broadcast");
            }
            out[rank - i] = da == 1 ? db : da;
        }
        return result(out, Math.max(a.elements(), b.elements()));
    }

    /** Strides with which a tensor is read as if it had the larger shape: 0 along repeated axes. */
    static int[] broadcastStrides(Shape shape, Shape target) {
        int[] own = strides(shape);
        int[] strides = new int[target.rank()];
        for (int i = 1; i <= shape.rank(); i++) {
            strides[strides.length - i] = shape.dim(-i) == 1 ? 0 : own[own.length - i];
        }
        return strides;
    }
}
