package quantscope.format.onnx;

import java.util.Arrays;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.FoldException;
import quantscope.graph.ConvGeometry;
import quantscope.graph.PoolGeometry;
import quantscope.tensor.Shape;

/**
 * How the window of a convolution or pooling walks over an image, in ONNX's attributes: index 0 height, 1 width. Windows along
 * one axis, [N,C,L], are taken as images of one row.
 */
record Window(int[] kernel, int[] strides, int[] dilations, int[] pads) {

    /**
     * Reads strides, dilations and pads; with auto_pad, pads follow from the input's size: SAME keeps
     * ceil(in / stride) positions, and an odd pad goes to the end (SAME_UPPER) or the beginning (SAME_LOWER).
     *
     * @param kernel along the file's axes, one or two
     */
    static Window of(Call call, int[] kernel) throws NotSupportedException, ModelFormatException {
        Attributes a = call.attributes();
        int axes = kernel.length;
        int[] strides = a.perAxis("strides", 1, filled(axes, 1));
        int[] dilations = a.perAxis("dilations", 1, filled(axes, 1));
        String auto = a.text("auto_pad", "NOTSET");
        int[] pads = switch (auto) {
            case "NOTSET", "" -> a.perAxis("pads", 0, new int[2 * axes]);
            case "VALID" -> new int[2 * axes];
            case "SAME_UPPER", "SAME_LOWER" ->
                    same(call.shape(0), kernel, strides, dilations, auto.equals("SAME_UPPER"));
            default -> throw new FoldException("auto_pad is " + auto
                    + ", expected NOTSET, VALID, SAME_UPPER or SAME_LOWER");
        };
        return axes == 2 ? new Window(kernel, strides, dilations, pads) : new Window(new int[] {1, kernel[0]},
                new int[] {1, strides[0]}, new int[] {1, dilations[0]}, new int[] {0, pads[0], 0, pads[1]});
    }

    static int[] filled(int n, int value) {
        int[] array = new int[n];
        Arrays.fill(array, value);
        return array;
    }

    ConvGeometry convolution(int groups) {
        return new ConvGeometry(strides[0], strides[1], pads[0], pads[1], pads[2], pads[3], dilations[0], dilations[1], groups);
    }

    PoolGeometry pooling(boolean ceilMode) {
        return new PoolGeometry(kernel[0], kernel[1], strides[0], strides[1], pads[0], pads[1], pads[2], pads[3], dilations[0],
                dilations[1], ceilMode);
    }

    private static int[] same(Shape image, int[] kernel, int[] strides, int[] dilations, boolean upper) {
        if (image.rank() != kernel.length + 2) {
            throw new FoldException("input " + image + " has rank " + image.rank() + ", expected " + (kernel.length + 2));
        }
        int axes = kernel.length;
        int[] pads = new int[2 * axes];
        for (int axis = 0; axis < axes; axis++) {
            int in = image.dim(axis + 2);
            long out = (in + (long) strides[axis] - 1) / strides[axis];
            long total = Math.max(0, (out - 1) * strides[axis] + (long) dilations[axis] * (kernel[axis] - 1) + 1 - in);
            int half = Math.toIntExact(total / 2);
            int rest = Math.toIntExact(total - half);
            pads[axis] = upper ? half : rest;
            pads[axis + axes] = upper ? rest : half;
        }
        return pads;
    }
}
