package quantscope.format.onnx;

import java.util.Map;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Elementwise;
import quantscope.format.fold.Known;
import quantscope.format.WeightCheck;
import quantscope.graph.Op;
import quantscope.graph.SignOfZero;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Activations, arithmetic, local response normalization and softmax. */
final class PointwiseOperators {

    private PointwiseOperators() { }

    static void register(Map<String, Operator> operators) {
        operators.put("Relu", call -> call.emit(new Op.Relu(), call.source(0)));
        operators.put("LeakyRelu",
                call -> call.emit(new Op.LeakyRelu(call.attributes().number("alpha", 0.01f)), call.source(0)));
        operators.put("Sigmoid", call -> call.emit(new Op.Sigmoid(), call.source(0)));
        operators.put("Sign", call -> call.emit(new Op.Sign(SignOfZero.ZERO), call.source(0)));
        operators.put("Clip", PointwiseOperators::clip);
        operators.put("Add", PointwiseOperators::sum);
        operators.put("Sum", PointwiseOperators::sum);
        operators.put("Sub", PointwiseOperators::sub);
        operators.put("Mul", call -> {
            checkConstants(call);
            call.emit(new Op.Mul(), call.source(0), call.source(1));
        });
        operators.put("Div", PointwiseOperators::div);
        operators.put("Neg", call -> call.emit(new Op.Mul(), call.source(0),
                call.constant("minus_one", FloatTensor.of(Shape.of(), -1))));
        operators.put("LRN", PointwiseOperators::lrn);
        operators.put("Softmax", call -> softmax(call, false));
        operators.put("LogSoftmax", call -> softmax(call, true));
    }

    private static void clip(Call call) throws NotSupportedException, ModelFormatException {
        float min = call.has(1) ? call.scalar(1, "minimum")
                : call.attributes().number("min", Float.NEGATIVE_INFINITY);
        float max = call.has(2) ? call.scalar(2, "maximum")
                : call.attributes().number("max", Float.POSITIVE_INFINITY);
        if (Float.isNaN(min) || Float.isNaN(max)) {
            throw call.error("clips at NaN; the file is damaged");
        }
        boolean relu = min == 0 && max == Float.POSITIVE_INFINITY;
        call.emit(relu ? new Op.Relu() : new Op.Clip(min, max), call.source(0));
    }

    private static void checkConstants(Call call) throws NotSupportedException, ModelFormatException {
        for (int i = 0; i < call.inputs(); i++) {
            if (call.isKnown(i)) {
                call.weights(i, "constant");
            }
        }
    }

    /** One input passes, further ones are added from left to right. */
    private static void sum(Call call) throws NotSupportedException, ModelFormatException {
        checkConstants(call);
        String sum = call.source(0);
        if (call.inputs() == 1) {
            call.emit(new Op.Identity(), sum);
        }
        for (int i = 1; i < call.inputs(); i++) {
            sum = call.emit(new Op.Add(), sum, call.source(i));
        }
    }

    /** a - b as a + (-b), which is the same number. */
    private static void sub(Call call) throws NotSupportedException, ModelFormatException {
        checkConstants(call);
        String first = call.source(0);
        String negated = call.isKnown(1)
                ? call.constant("subtrahend", Elementwise.unary(Elementwise.Unary.NEG, call.known(1, "b")).floats())
                : call.emitMore("negated", new Op.Mul(), call.source(1),
                        call.constant("minus_one", FloatTensor.of(Shape.of(), -1)));
        call.emit(new Op.Add(), first, negated);
    }

    /** a / b as a * (1 / b): up to one unit in the last place away unless b is a power of two. */
    private static void div(Call call) throws NotSupportedException, ModelFormatException {
        checkConstants(call);
        Known divisor = call.known(1, "divisor");
        FloatTensor inverse = Elementwise.unary(Elementwise.Unary.RECIPROCAL, Known.of(divisor.floats())).floats();
        WeightCheck.requireFinite(call.file(), call.node().place() + ", reciprocal of its divisor", inverse);
        call.emit(new Op.Mul(), call.source(0), call.constant("divisor", inverse));
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
        int given = call.attributes().integer("axis", call.opset() < 13 ? 1 : -1);
        int axis = given < 0 ? given + shape.rank() : given;
        if (axis < 0 || axis >= shape.rank()) {
            throw call.error("axis " + given + " is outside of " + shape);
        }
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
