package quantscope.format.onnx;

import quantscope.format.ModelFormatException;
import quantscope.tensor.Shape;

/**
 * A graph runs one image at a time, so an operator may not mix the images of the file's batch. Where the file itself fixes the
 * batch to one image there is nothing to mix, and the first axis is one like the others.
 */
final class Batch {

    private Batch() { }

    /**
     * For an operator that works along some axes.
     *
     * @param axis not negative
     * @throws NotSupportedException where it is the batch's and there may be several images
     */
    static void requireInside(Call call, int axis, String what) throws NotSupportedException {
        if (axis == 0 && !call.oneImage()) {
            throw NotSupportedException.mixing("it " + what + " the batch");
        }
    }

    /**
     * For operators that meet their inputs element by element, aligned at the last axis: all values of images have their batch
     * on the same axis, and constants are the same for every image.
     */
    static void requireImagewise(Call call) throws NotSupportedException, ModelFormatException {
        if (call.oneImage()) {
            return;
        }
        int rank = -1;
        for (int i = 0; i < call.inputs(); i++) {
            // One number for an image meets all of it.
            if (!call.isKnown(i) && call.shape(i).rank() > 0) {
                int own = call.shape(i).rank();
                if (rank >= 0 && own != rank) {
                    throw NotSupportedException.mixing("its inputs " + call.shape(i) + " and one of rank " + rank
                            + " have the batch on different axes");
                }
                rank = own;
            }
        }
        for (int i = 0; i < call.inputs(); i++) {
            if (call.isKnown(i)) {
                Shape shape = call.known(i, "constant").shape();
                if (rank >= 0 && shape.rank() > rank || shape.rank() == rank && rank > 0 && shape.dim(0) != 1) {
                    throw NotSupportedException.mixing("its constant " + shape + " is not the same for every image of the batch");
                }
            }
        }
    }
}
