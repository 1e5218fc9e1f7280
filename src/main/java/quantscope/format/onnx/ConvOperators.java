package quantscope.format.onnx;

import java.util.Map;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Op;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Conv and ConvTranspose along one or two axes. */
final class ConvOperators {

    private ConvOperators() { }

    static void register(Map<String, Operator> operators) {
        operators.put("Conv", ConvOperators::conv);
        operators.put("ConvTranspose", ConvOperators::transposed);
    }

    private static void conv(Call call) throws NotSupportedException, ModelFormatException {
        FloatTensor weight = weight(call);
        int groups = groups(call);
        Optional<ZeroPad> pad = call.zeroPad(0);
        if (pad.isPresent() && call.attributes().text("auto_pad", "NOTSET").startsWith("SAME")) {
            pad = Optional.empty();
        }
        String source = pad.isPresent() ? pad.get().source() : call.source(0);
        ConvGeometry own = Window.of(call, kernel(weight.shape())).convolution(groups);
        ConvGeometry geometry = pad.isPresent() ? pad.get().addedTo(own) : own;
        emit(call, weight, new Op.Conv2d(asImage(weight), call.optionalWeights(2, "bias"), geometry), source);
    }

    /** @throws ModelFormatException when it does not fit kernel_shape */
    static FloatTensor weight(Call call) throws NotSupportedException, ModelFormatException {
        FloatTensor weight = call.weights(1, "weight");
        int rank = weight.shape().rank();
        if (rank == 5) {
            throw new NotSupportedException("it is a 3-dimensional convolution (weight " + weight.shape()
                    + "), only windows along one or two axes are supported");
        }
        if (rank != 4 && rank != 3) {
            throw call.error("weight shape " + weight.shape() + " has rank " + rank
                    + ", expected 4 (OIHW); export the model again");
        }
        if (weight.shape().elements() == 0) {
            throw call.error("weight " + weight.shape() + " is empty; export the model again");
        }
        int[] kernel = kernel(weight.shape());
        int[] declared = call.attributes().perAxis("kernel_shape", 1, kernel);
        for (int i = 0; i < kernel.length; i++) {
            if (declared[i] != kernel[i]) {
                throw call.error("kernel_shape is " + times(declared) + ", but weight " + weight.shape() + " is "
                        + times(kernel) + "; export the model again");
            }
        }
        return weight;
    }

    private static String times(int[] kernel) {
        return kernel.length == 1 ? String.valueOf(kernel[0]) : kernel[0] + " x " + kernel[1];
    }

    static int[] kernel(Shape weight) {
        return weight.rank() == 4 ? new int[] {weight.dim(2), weight.dim(3)} : new int[] {weight.dim(2)};
    }

    static int groups(Call call) throws ModelFormatException {
        int groups = call.attributes().integer("group", 1);
        if (groups < 1) {
            throw call.error("group is " + groups + ", expected at least 1");
        }
        return groups;
    }

    static FloatTensor asImage(FloatTensor weight) {
        Shape shape = weight.shape();
        return shape.rank() == 4 ? weight : weight.reshaped(Shape.of(shape.dim(0), shape.dim(1), 1, shape.dim(2)));
    }

    static void emit(Call call, FloatTensor weight, Op op, String source)
            throws NotSupportedException, ModelFormatException {
        if (weight.shape().rank() == 3) {
            Rows.emit(call, op, source);
        } else {
            call.emit(op, source);
        }
    }

    /** Where output_shape is given, pads follow from it: an odd one goes to the end, with SAME_LOWER to the beginning. */
    private static void transposed(Call call) throws NotSupportedException, ModelFormatException {
        FloatTensor weight = weight(call);
        int[] kernel = kernel(weight.shape());
        Attributes a = call.attributes();
        int[] strides = a.perAxis("strides", 1, Window.filled(kernel.length, 1));
        int[] dilations = a.perAxis("dilations", 1, Window.filled(kernel.length, 1));
        int[] more = a.perAxis("output_padding", 0, new int[kernel.length]);
        int[] pads = a.perAxis("pads", 0, new int[2 * kernel.length]);
        String auto = a.text("auto_pad", "NOTSET");
        Shape x = call.shape(0);
        if (x.rank() != kernel.length + 2) {
            throw call.error("input " + x + " has rank " + x.rank() + ", expected " + (kernel.length + 2));
        }
        for (int i = 0; i < kernel.length; i++) {
            long all = (x.dim(i + 2) - 1L) * strides[i] + (long) dilations[i] * (kernel[i] - 1) + more[i] + 1;
            if (a.has("output_shape") || auto.startsWith("SAME")) {
                long[] wanted = a.integers("output_shape", new long[0]);
                long out = wanted.length > 0 ? wanted[wanted.length - kernel.length + i] : (long) x.dim(i + 2) * strides[i];
                long total = Math.max(0, all - out);
                // What is missing is added at the end, as if it had been padded away.
                more[i] += Math.toIntExact(Math.max(0, out - all));
                int half = Math.toIntExact(total / 2);
                int rest = Math.toIntExact(total - half);
                pads[i] = auto.equals("SAME_UPPER") || !auto.equals("SAME_LOWER") && a.has("output_shape") ? half : rest;
                pads[i + kernel.length] = Math.toIntExact(total) - pads[i];
            }
        }
        boolean row = kernel.length == 1;
        ConvGeometry geometry = row ? new ConvGeometry(1, strides[0], 0, pads[0], 0, pads[1], 1, dilations[0], groups(call))
                : new ConvGeometry(strides[0], strides[1], pads[0], pads[1], pads[2], pads[3], dilations[0], dilations[1],
                        groups(call));
        emit(call, weight, new Op.ConvTranspose2d(asImage(weight), call.optionalWeights(2, "bias"), geometry,
                row ? 0 : more[0], row ? more[0] : more[1]), call.source(0));
    }
}
