package quantscope.format;

import java.nio.file.Path;
import java.util.Arrays;
import quantscope.tensor.FloatTensor;

/** Refuses weights that are no numbers: one NaN would make every answer of the network NaN. */
public final class WeightCheck {

    /** The exponent of NaN and the infinities. */
    private static final int NOT_FINITE = 0x7f800000;

    private WeightCheck() { }

    /**
     * @param tensor name of the weights, for the message
     * @throws ModelFormatException naming the first element that is NaN or infinite
     */
    public static void requireFinite(Path file, String tensor, FloatTensor weights) throws ModelFormatException {
        float[] data = weights.data();
        if (isFinite(weights)) {
            return;
        }
        for (int i = 0; i < data.length; i++) {
            if (!Float.isFinite(data[i])) {
                throw new ModelFormatException(file, tensor, "element " + Arrays.toString(index(weights, i)) + " is "
                        + data[i] + ", expected finite weights; the training probably diverged,"
                        + " export a checkpoint from before that");
            }
        }
    }

    /** Whether all elements are numbers; without a branch in the loop, which lets the compiler take many at once. */
    public static boolean isFinite(FloatTensor weights) {
        int largestExponent = 0;
        for (float value : weights.data()) {
            largestExponent = Math.max(largestExponent, Float.floatToRawIntBits(value) & NOT_FINITE);
        }
        return largestExponent != NOT_FINITE;
    }

    private static int[] index(FloatTensor tensor, int position) {
        int[] index = new int[tensor.shape().rank()];
        int rest = position;
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis] = rest % tensor.shape().dim(axis);
            rest /= tensor.shape().dim(axis);
        }
        return index;
    }
}
