package quantscope.format.onnx;

import java.util.Arrays;
import quantscope.format.fold.FoldException;
import quantscope.format.fold.Known;
import quantscope.format.fold.Making;

/**
 * ConstantOfShape: a few bytes that make a whole tensor, as models without their weights have them. All of a file together
 * may take no more than a quarter of the memory that there is.
 */
final class FilledTensors {

    private static final int SHARE = 4;

    private long left;

    FilledTensors() {
        this(Runtime.getRuntime().maxMemory() / SHARE / Float.BYTES);
    }

    /** @param elements of all of them together */
    FilledTensors(long elements) {
        this.left = elements;
    }

    /** @throws FoldException when it would be too large */
    Known make(long[] dims, Known value) {
        long before = left;
        for (long d : dims) {
            // What is wrong with extents is said where they are checked.
            before = d > 0 ? before / d : before;
        }
        if (before < 1) {
            throw new FoldException("the result would have shape " + Arrays.toString(dims) + ", but filled tensors of one file"
                    + " may have " + left + " more elements in this much memory");
        }
        Known made = Making.full(dims, value, left);
        left -= made.shape().elements();
        return made;
    }
}
