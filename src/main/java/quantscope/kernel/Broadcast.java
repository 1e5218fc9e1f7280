package quantscope.kernel;

import java.util.Arrays;

/**
 * How two inputs meet element by element, with numpy's broadcasting.
 *
 * @param dims   of the output
 * @param first  the first input's stride along each output axis; 0 where it is repeated
 * @param second the second input's
 */
public record Broadcast(int[] dims, int[] first, int[] second) {

    /** @throws IllegalArgumentException when the shapes do not broadcast */
    public static Broadcast of(int[] a, int[] b) {
        int rank = Math.max(a.length, b.length);
        int[] dims = new int[rank];
        for (int i = 0; i < rank; i++) {
            int da = extent(a, rank, i);
            int db = extent(b, rank, i);
            if (da != db && da != 1 && db != 1) {
                throw new IllegalArgumentException(Arrays.toString(a) + " and " + Arrays.toString(b)
                        + " do not broadcast");
            }
            dims[i] = da == 1 ? db : da;
        }
        return new Broadcast(dims, strides(a, rank), strides(b, rank));
    }

    private static int extent(int[] shape, int rank, int axis) {
        int i = axis - (rank - shape.length);
        return i < 0 ? 1 : shape[i];
    }

    private static int[] strides(int[] shape, int rank) {
        int[] strides = new int[rank];
        int stride = 1;
        for (int axis = rank - 1; axis >= 0; axis--) {
            int extent = extent(shape, rank, axis);
            strides[axis] = extent == 1 ? 0 : stride;
            stride *= extent;
        }
        return strides;
    }

    /** Whether both inputs already have the output's shape. */
    public boolean plain() {
        return isWhole(first) && isWhole(second);
    }

    private boolean isWhole(int[] strides) {
        int stride = 1;
        for (int axis = dims.length - 1; axis >= 0; axis--) {
            if (dims[axis] != 1 && strides[axis] != stride) {
                return false;
            }
            stride *= dims[axis];
        }
        return true;
    }

    public int size() {
        return Arrays.stream(dims).reduce(1, Math::multiplyExact);
    }

    /** Extent of the last axis, 1 for a scalar. */
    public int rowLength() {
        return dims.length == 0 ? 1 : dims[dims.length - 1];
    }

    /** Where an output row (all axes but the last) begins in an input with these strides. */
    public int rowStart(int row, int[] strides) {
        int start = 0;
        int rest = row;
        for (int axis = dims.length - 2; axis >= 0; axis--) {
            start += rest % dims[axis] * strides[axis];
            rest /= dims[axis];
        }
        return start;
    }

    /** An input's step within a row: 1, or 0 where it is repeated. */
    public int rowStep(int[] strides) {
        return strides.length == 0 ? 0 : strides[strides.length - 1];
    }
}
