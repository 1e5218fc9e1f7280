package quantscope.format.onnx;

import quantscope.format.ModelFormatException;
import quantscope.format.fold.FoldException;
import quantscope.tensor.Shape;

/** How the window of a convolution or pooling walks over an image, in ONNX's attributes: index 0 height, 1 width. */
record Window(int[] kernel, int[] strides, int[] dilations, int[] pads) {

    /**
     * Reads strides, dilations and pads; with auto_pad, pads follow from the input's size: SAME keeps
     * ceil(in / stride) positions, and an odd pad goes to the end (SAME_UPPER) or the beginning (SAME_LOWER).
     */
    static Window of(Call call, int[] kernel) throws NotSupportedException, ModelFormatException {
        Attributes a = call.attributes();
        int[] strides = a.perAxis("strides", 1, 1, 1);
        int[] dilations = a.perAxis("dilations", 1, 1, 1);
        String auto = a.text("auto_pad", "NOTSET");
        int[] pads = switch (auto) {
            case "NOTSET", "" -> a.perAxis("pads", 0, 0, 0, 0, 0);
            case "VALID" -> new int[4];
            case "SAME_UPPER", "SAME_LOWER" ->
                    same(call.shape(0), kernel, strides, dilations, auto.equals("SAME_UPPER"));
            default -> throw new FoldException("auto_pad is " + auto
                    + ", expected NOTSET, VALID, SAME_UPPER or SAME_LOWER");
        };
        return new Window(kernel, strides, dilations, pads);
    }

    private static int[] same(Shape image, int[] kernel, int[] strides, int[] dilations, boolean upper) {
        if (image.rank() != 4) {
            throw new FoldException("input " + image + " has rank " + image.rank() + ", expected 4 (NCHW)");
        }
        int[] pads = new int[4];
        for (int axis = 0; axis < 2; axis++) {
            int in = image.dim(axis + 2);
            long out = (in + (long) strides[axis] - 1) / strides[axis];
            long total = Math.max(0, (out - 1) * strides[axis] + (long) dilations[axis] * (kernel[axis] - 1) + 1 - in);
            int half = Math.toIntExact(total / 2);
            int rest = Math.toIntExact(total - half);
            pads[axis] = upper ? half : rest;
            pads[axis + 2] = upper ? rest : half;
        }
        return pads;
    }
}
