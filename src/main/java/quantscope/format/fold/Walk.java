package quantscope.format.fold;

import quantscope.tensor.Shape;

/** Goes over a shape's elements in row-major order and says at which offset strides place each. */
final class Walk {

    private final int[] extents;
    private final int[] strides;
    private final int[] index;
    private int offset;

    /**
     * @param start   offset of the first element
     * @param strides elements to go for one step along each axis; 0 repeats, negative goes back
     */
    Walk(Shape shape, int start, int[] strides) {
        this.extents = shape.toArray();
        this.strides = strides;
        this.index = new int[extents.length];
        this.offset = start;
    }

    /** As if the tensor were repeated to the larger shape. */
    static Walk broadcast(Shape tensor, Shape target) {
        return new Walk(target, 0, Extents.broadcastStrides(tensor, target));
    }

    /** The offset of this element; goes on to the next. */
    int next() {
        int now = offset;
        for (int axis = extents.length - 1; axis >= 0; axis--) {
            offset += strides[axis];
            if (++index[axis] < extents[axis]) {
                break;
            }
            offset -= strides[axis] * extents[axis];
            index[axis] = 0;
        }
        return now;
    }
}
