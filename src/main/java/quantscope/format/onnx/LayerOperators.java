package quantscope.format.onnx;

import java.util.Map;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.format.WeightCheck;
import quantscope.format.fold.Known;
import quantscope.format.fold.Moving;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Op;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Layers with weights: Conv, Gemm, MatMul (with the Add of a bias behind it) and BatchNormalization. */
final class LayerOperators {

    private LayerOperators() { }

    static void register(Map<String, Operator> operators) {
        operators.put("Conv", LayerOperators::conv);
        operators.put("Gemm", LayerOperators::gemm);
        operators.put("MatMul", LayerOperators::matMul);
        operators.put("BatchNormalization", LayerOperators::batchNormalization);
    }

    private static void conv(Call call) throws NotSupportedException, ModelFormatException {
        FloatTensor weight = call.weights(1, "weight");
        int rank = weight.shape().rank();
        if (rank == 3 || rank == 5) {
            throw new NotSupportedException("it is a " + (rank - 2) + "-dimensional convolution (weight "
                    + weight.shape() + "), only two-dimensional ones are supported");
        }
        if (rank != 4) {
            throw call.error("weight shape " + weight.shape() + " has rank " + rank
                    + ", expected 4 (OIHW); export the model again");
        }
        if (weight.shape().elements() == 0) {
            throw call.error("weight " + weight.shape() + " is empty; export the model again");
        }
        int[] kernel = {weight.shape().dim(2), weight.shape().dim(3)};
        int[] declared = call.attributes().perAxis("kernel_shape", 1, kernel);
        if (declared[0] != kernel[0] || declared[1] != kernel[1]) {
            throw call.error("kernel_shape is " + declared[0] + " x " + declared[1] + ", but weight " + weight.shape()
                    + " is " + kernel[0] + " x " + kernel[1] + "; export the model again");
        }
        int groups = call.attributes().integer("group", 1);
        if (groups < 1) {
            throw call.error("group is " + groups + ", expected at least 1");
        }
        Optional<ZeroPad> pad = call.zeroPad(0);
        if (pad.isPresent() && call.attributes().text("auto_pad", "NOTSET").startsWith("SAME")) {
            pad = Optional.empty();
        }
        String source = pad.isPresent() ? pad.get().source() : call.source(0);
        Window w = Window.of(call, kernel);
        ConvGeometry own = new ConvGeometry(w.strides()[0], w.strides()[1], w.pads()[0], w.pads()[1], w.pads()[2],
                w.pads()[3], w.dilations()[0], w.dilations()[1], groups);
        ConvGeometry geometry = pad.isPresent() ? pad.get().addedTo(own) : own;
        call.emit(new Op.Conv2d(weight, call.optionalWeights(2, "bias"), geometry), source);
    }

    private static void gemm(Call call) throws NotSupportedException, ModelFormatException {
        Attributes a = call.attributes();
        if (a.integer("transA", 0) != 0) {
            throw new NotSupportedException("it transposes its input (transA), which mixes the images of a batch");
        }
        FloatTensor weight = call.weights(1, "weight", 2);
        if (a.integer("transB", 0) == 0) {
            weight = Moving.transpose(Known.of(weight), 1, 0).floats();
        }
        weight = times(weight, a.number("alpha", 1));
        Optional<FloatTensor> bias = Optional.empty();
        if (call.has(2)) {
            FloatTensor c = times(call.weights(2, "bias"), a.number("beta", 1));
            bias = Optional.of(perOutput(c, weight.shape().dim(0)).orElseThrow(() -> new NotSupportedException(
                    "its bias " + c.shape() + " is not one number per output")));
        }
        if (call.shape(0).rank() != 2) {
            throw call.error("input " + call.shape(0) + " has rank " + call.shape(0).rank() + ", expected 2");
        }
        call.emit(new Op.Linear(weight, bias), call.source(0));
    }

    private static void matMul(Call call) throws NotSupportedException, ModelFormatException {
        if (call.isKnown(0) || !call.isKnown(1)) {
            throw new NotSupportedException("only an input times constant weights is supported");
        }
        FloatTensor weight = call.weights(1, "weight");
        if (weight.shape().rank() != 2 || weight.shape().elements() == 0) {
            throw new NotSupportedException("its weight " + weight.shape() + " is not a matrix");
        }
        weight = Moving.transpose(Known.of(weight), 1, 0).floats();
        Optional<OnnxFile.NodePart> add = call.onlyReader().filter(n -> n.operator().equals("Add")
                && n.domain().isEmpty() && n.inputs().size() == 2 && n.outputs().size() == 1);
        Optional<FloatTensor> bias = Optional.empty();
        if (add.isPresent()) {
            String own = call.node().outputs().getFirst();
            String other = add.get().inputs().get(add.get().inputs().getFirst().equals(own) ? 1 : 0);
            int outputs = weight.shape().dim(0);
            // A single number would do too, but a layer without bias and an Add is what the file says then.
            bias = call.knownValue(other).filter(k -> k instanceof Known.Floats && k.shape().elements() == outputs)
                    .flatMap(k -> perOutput(k.floats(), outputs));
        }
        if (bias.isPresent()) {
            WeightCheck.requireFinite(call.file(), add.get().place() + ", bias", bias.get());
        }
        call.emit(new Op.Linear(weight, bias), call.source(0));
        if (bias.isPresent()) {
            call.absorb(add.get());
        }
    }

    /** A bias that broadcasts along the outputs, as [O]. */
    private static Optional<FloatTensor> perOutput(FloatTensor bias, int outputs) {
        long elements = bias.shape().elements();
        if (elements == outputs && (bias.shape().rank() == 0 || bias.shape().dim(-1) == outputs)) {
            return Optional.of(bias.reshaped(Shape.of(outputs)));
        }
        return elements == 1
                ? Optional.of(Moving.expand(Known.of(bias.reshaped(Shape.of(1))), Shape.of(outputs)).floats())
                : Optional.empty();
    }

    private static FloatTensor times(FloatTensor x, float factor) {
        if (factor == 1) {
            return x;
        }
        float[] data = x.data().clone();
        for (int i = 0; i < data.length; i++) {
            data[i] *= factor;
        }
        return new FloatTensor(x.shape(), data);
    }

    private static void batchNormalization(Call call) throws NotSupportedException, ModelFormatException {
        Attributes a = call.attributes();
        if (a.integer("training_mode", 0) != 0) {
            throw new NotSupportedException("it is exported in training mode; export the model after model.eval()");
        }
        if (a.integer("spatial", 1) == 0) {
            throw new NotSupportedException("it normalizes every pixel by itself (spatial = 0)");
        }
        float eps = a.number("epsilon", 1e-5f);
        if (!(eps >= 0) || !Float.isFinite(eps)) {
            throw call.error("epsilon is " + eps + ", expected a small positive number");
        }
        FloatTensor variance = call.weights(4, "variance", 1);
        for (float v : variance.data()) {
            if (v < 0) {
                throw call.error("variance has the negative entry " + v + "; the file is damaged");
            }
        }
        call.emit(new Op.BatchNorm2d(call.weights(1, "scale", 1), call.weights(2, "bias", 1),
                call.weights(3, "mean", 1), variance, eps), call.source(0));
    }
}
