package quantscope.format.onnx;

import java.util.Map;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Known;
import quantscope.format.fold.Moving;
import quantscope.graph.Op;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Normalizations and softmax. */
final class NormOperators {

    private NormOperators() { }

    static void register(Map<String, Operator> operators) {
        operators.put("BatchNormalization", NormOperators::batchNormalization);
        operators.put("InstanceNormalization", NormOperators::instanceNormalization);
        operators.put("GroupNormalization", NormOperators::groupNormalization);
        operators.put("LayerNormalization", call -> layerNormalization(call, true));
        operators.put("RMSNormalization", call -> layerNormalization(call, false));
        operators.put("LRN", NormOperators::lrn);
        operators.put("Softmax", call -> softmax(call, false));
        operators.put("LogSoftmax", call -> softmax(call, true));
    }

    private static void batchNormalization(Call call) throws NotSupportedException, ModelFormatException {
        Attributes a = call.attributes();
        if (a.integer("training_mode", 0) != 0) {
            throw new NotSupportedException("it is exported in training mode; export the model after model.eval()");
        }
        if (a.integer("spatial", 1) == 0) {
            throw new NotSupportedException("it normalizes every pixel by itself (spatial = 0)");
        }
        FloatTensor variance = call.weights(4, "variance", 1);
        for (float v : variance.data()) {
            if (v < 0) {
                throw call.error("variance has the negative entry " + v + "; the file is damaged");
            }
        }
        call.emit(new Op.BatchNorm2d(call.weights(1, "scale", 1), call.weights(2, "bias", 1),
                call.weights(3, "mean", 1), variance, epsilon(call)), call.source(0));
    }

    private static float epsilon(Call call) throws ModelFormatException {
        float eps = call.attributes().number("epsilon", 1e-5f);
        if (!(eps >= 0) || !Float.isFinite(eps)) {
            throw call.error("epsilon is " + eps + ", expected a small positive number");
        }
        return eps;
    }

    private static void instanceNormalization(Call call) throws NotSupportedException, ModelFormatException {
        FloatTensor weight = call.weights(1, "scale", 1);
        call.emit(new Op.GroupNorm(weight.shape().dim(0), weight, call.weights(2, "bias", 1), epsilon(call)), call.source(0));
    }

    /** Before operator set 21 scale and bias are one number for each group. */
    private static void groupNormalization(Call call) throws NotSupportedException, ModelFormatException {
        int groups = call.attributes().integer("num_groups", 0);
        Shape shape = call.shape(0);
        if (groups < 1 || shape.rank() < 2 || shape.dim(1) % groups != 0) {
            throw call.error("num_groups is " + groups + ", expected a divisor of the channels of " + shape);
        }
        int each = call.opset() < 21 ? shape.dim(1) / groups : 1;
        call.emit(new Op.GroupNorm(groups, repeated(call.weights(1, "scale", 1), each),
                repeated(call.weights(2, "bias", 1), each), epsilon(call)), call.source(0));
    }

    private static FloatTensor repeated(FloatTensor vector, int times) {
        float[] data = new float[Math.multiplyExact(vector.data().length, times)];
        for (int i = 0; i < data.length; i++) {
            data[i] = vector.data()[i / times];
        }
        return FloatTensor.vector(data);
    }

    private static void layerNormalization(Call call, boolean center) throws NotSupportedException, ModelFormatException {
        Shape shape = call.shape(0);
        int axis = call.axis("axis", -1, shape.rank());
        Batch.requireInside(call, axis, "normalizes over");
        Shape normalized = new Shape(shape.dims().subList(axis, shape.rank()));
        FloatTensor weight = expanded(call, call.weights(1, "scale"), normalized);
        Optional<FloatTensor> bias = center ? call.optionalWeights(2, "bias") : Optional.empty();
        call.emit(new Op.LayerNorm(axis, weight, bias.isPresent() ? expanded(call, bias.get(), normalized)
                : FloatTensor.zeros(normalized), epsilon(call), center), call.source(0));
    }

    private static FloatTensor expanded(Call call, FloatTensor parameter, Shape normalized) throws NotSupportedException {
        if (parameter.shape().rank() > normalized.rank()) {
            throw new NotSupportedException("its parameter " + parameter.shape() + " is not the same for all of what it"
                    + " normalizes, " + normalized);
        }
        return Moving.expand(Known.of(parameter), normalized).floats();
    }

    private static void lrn(Call call) throws NotSupportedException, ModelFormatException {
        Attributes a = call.attributes();
        int size = a.integer("size", 0);
        if (size < 1) {
            throw call.error("size is " + size + ", expected at least 1");
        }
        if (size % 2 == 0) {
            throw new NotSupportedException("its window of " + size + " channels has no centre, and frameworks"
                    + " disagree on where it lies");
        }
        call.emit(new Op.LocalResponseNorm(size, a.number("alpha", 1e-4f), a.number("beta", 0.75f),
                a.number("bias", 1)), call.source(0));
    }

    /** Before operator set 13 all axes from the given one on are one: reshaped, then back. */
    private static void softmax(Call call, boolean logarithm) throws NotSupportedException, ModelFormatException {
        Shape shape = call.shape(0);
        int axis = call.axis("axis", call.opset() < 13 ? 1 : -1, shape.rank());
        Batch.requireInside(call, axis, "is a softmax along");
        Op op = logarithm ? new Op.LogSoftmax(axis) : new Op.Softmax(axis);
        if (call.opset() >= 13 || axis == shape.rank() - 1) {
            call.emit(op, call.source(0));
            return;
        }
        Shape joined = new Shape(shape.dims().subList(0, axis + 1)).with(axis,
                shape.dims().subList(axis, shape.rank()).stream().reduce(1, Math::multiplyExact));
        String flat = call.emitMore("joined", new Op.Reshape(joined), call.source(0));
        call.emitMore("split", new Op.Reshape(shape), call.emit(op, flat));
    }
}
