package quantscope.format.onnx;

import java.util.Map;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.format.WeightCheck;
import quantscope.format.fold.Known;
import quantscope.format.fold.Moving;
import quantscope.graph.Op;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Layers with weights: Gemm and MatMul (with the Add of a bias behind it). */
final class LayerOperators {

    private LayerOperators() { }

    static void register(Map<String, Operator> operators) {
        operators.put("Gemm", LayerOperators::gemm);
        operators.put("MatMul", LayerOperators::matMul);
    }

    private static void gemm(Call call) throws NotSupportedException, ModelFormatException {
        Attributes a = call.attributes();
        if (a.integer("transA", 0) != 0) {
            throw new NotSupportedException("it transposes its input (transA), which mixes the images of a batch");
        }
        FloatTensor weight = a.integer("transB", 0) == 0 ? call.transposedWeights(1, "weight") : call.weights(1, "weight", 2);
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
        if (call.isKnown(0) || call.knownShape(1).filter(s -> s.rank() == 2).isEmpty()) {
            product(call);
            return;
        }
        if (call.knownShape(1).orElseThrow().elements() == 0) {
            throw new NotSupportedException("its weight " + call.knownShape(1).orElseThrow() + " is empty");
        }
        FloatTensor weight = call.transposedWeights(1, "weight");
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

    /** Of two values of which neither is a weight; matrices along the batch would mix its images. */
    private static void product(Call call) throws NotSupportedException, ModelFormatException {
        Batch.requireImagewise(call);
        for (int i = 0; i < 2; i++) {
            Shape shape = call.shape(i);
            if (shape.rank() < 2 || shape.rank() == 2 && !call.oneImage() && !call.isKnown(i)) {
                throw NotSupportedException.mixing("its input " + shape + " has no matrix for each image");
            }
        }
        call.emit(new Op.MatMul(), call.source(0), call.source(1));
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
}
