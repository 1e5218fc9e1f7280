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

    /**
     * @param order    the output's axes in the order of its memory
     * @param stridesA elements from one to the next along each axis of the first input
     * @throws IllegalArgumentException when the shapes do not broadcast
     */
    public static Broadcast of(int[] a, int[] stridesA, int[] b, int[] stridesB, int[] order) {
        int rank = order.length;
        int[] dims = new int[rank];
        int[] first = new int[rank];
        int[] second = new int[rank];
        for (int i = 0; i < rank; i++) {
            int da = at(a, rank, order[i], 1);
            int db = at(b, rank, order[i], 1);
            if (da != db && da != 1 && db != 1) {
                throw new IllegalArgumentException(Arrays.toString(a) + " and " + Arrays.toString(b)
                        + " do not broadcast");
            }
            dims[i] = da == 1 ? db : da;
            first[i] = da == 1 ? 0 : at(stridesA, rank, order[i], 0);
            second[i] = db == 1 ? 0 : at(stridesB, rank, order[i], 0);
        }
        return new Broadcast(dims, first, second);
    }

    /** What belongs to an axis of the output, whose axes are aligned at the end. */
    private static int at(int[] perAxis, int rank, int axis, int missing) {
        int i = axis - (rank - perAxis.length);
        return i < 0 ? missing : perAxis[i];
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
