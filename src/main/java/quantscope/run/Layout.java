package quantscope.run;

import java.util.Arrays;
import quantscope.kernel.Channels;
import quantscope.tensor.Shape;

/**
 * How values lie in a worker's memory. A pixel's channels lie side by side, [N,H,W,C], so that convolutions read and
 * write neighbours; everything that is not of rank 4 is row-major.
 */
final class Layout {

    private Layout() { }

    /** Extents in the order of the memory. */
    static int[] dims(Shape shape) {
        int[] d = shape.toArray();
        return d.length == 4 ? new int[] {d[0], d[2], d[3], d[1]} : d;
    }

    /** Where an axis of the shape stands in {@link #dims}. */
    static int axis(Shape shape, int axis) {
        return shape.rank() != 4 || axis == 0 ? axis : axis == 1 ? 3 : axis - 1;
    }

    /** Elements from one to the next along each axis of the shape. */
    static int[] strides(Shape shape) {
        int[] dims = dims(shape);
        int[] strides = new int[dims.length];
        for (int axis = 0; axis < dims.length; axis++) {
            int at = axis(shape, axis);
            strides[axis] = Arrays.stream(dims, at + 1, dims.length).reduce(1, Math::multiplyExact);
        }
        return strides;
    }

    /** What of a value lies in another order than row-major; 1 channel where nothing does. */
    static Channels channels(Shape shape) {
        boolean plain = shape.rank() != 4 || shape.dim(1) == 1 || shape.dim(2) * shape.dim(3) == 1;
        return plain ? new Channels(shape.size(), 1) : new Channels(shape.dim(2) * shape.dim(3), shape.dim(1));
    }
}
