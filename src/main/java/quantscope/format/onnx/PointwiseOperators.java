package quantscope.format.onnx;

import java.util.Map;
import quantscope.format.ModelFormatException;
import quantscope.graph.Op;
import quantscope.graph.PointwiseFunction;
import quantscope.graph.SignOfZero;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Functions of one element. */
final class PointwiseOperators {

    private static final float SELU_ALPHA = 1.67326319217681884765625f;
    private static final float SELU_GAMMA = 1.05070102214813232421875f;

    private PointwiseOperators() { }

    static void register(Map<String, Operator> operators) {
        operators.put("Relu", call -> call.emit(new Op.Relu(), call.source(0)));
        operators.put("LeakyRelu",
                call -> call.emit(new Op.LeakyRelu(call.attributes().number("alpha", 0.01f)), call.source(0)));
        operators.put("Sigmoid", call -> call.emit(new Op.Sigmoid(), call.source(0)));
        operators.put("Sign", call -> call.emit(new Op.Sign(SignOfZero.ZERO), call.source(0)));
        operators.put("Clip", PointwiseOperators::clip);
        operators.put("Neg", call -> call.emit(new Op.Mul(), call.source(0),
                call.constant("minus_one", FloatTensor.of(Shape.of(), -1))));
        Map.ofEntries(Map.entry("Abs", PointwiseFunction.ABS), Map.entry("Exp", PointwiseFunction.EXP),
                Map.entry("Log", PointwiseFunction.LOG), Map.entry("Sqrt", PointwiseFunction.SQRT),
                Map.entry("Reciprocal", PointwiseFunction.RECIPROCAL), Map.entry("Floor", PointwiseFunction.FLOOR),
                Map.entry("Ceil", PointwiseFunction.CEIL), Map.entry("Round", PointwiseFunction.ROUND),
                Map.entry("Erf", PointwiseFunction.ERF), Map.entry("Sin", PointwiseFunction.SIN),
                Map.entry("Cos", PointwiseFunction.COS), Map.entry("Tan", PointwiseFunction.TAN),
                Map.entry("Asin", PointwiseFunction.ASIN), Map.entry("Acos", PointwiseFunction.ACOS),
                Map.entry("Atan", PointwiseFunction.ATAN), Map.entry("Sinh", PointwiseFunction.SINH),
                Map.entry("Cosh", PointwiseFunction.COSH), Map.entry("Asinh", PointwiseFunction.ASINH),
                Map.entry("Acosh", PointwiseFunction.ACOSH), Map.entry("Atanh", PointwiseFunction.ATANH),
                Map.entry("Tanh", PointwiseFunction.TANH), Map.entry("Softplus", PointwiseFunction.SOFTPLUS),
                Map.entry("Softsign", PointwiseFunction.SOFTSIGN), Map.entry("HardSwish", PointwiseFunction.HARDSWISH),
                Map.entry("Mish", PointwiseFunction.MISH), Map.entry("Not", PointwiseFunction.NOT),
                Map.entry("IsNaN", PointwiseFunction.ISNAN))
                .forEach((name, function) -> operators.put(name, call -> emit(call, function, 0, 0)));
        operators.put("Elu", call -> emit(call, PointwiseFunction.ELU, number(call, "alpha", 1), 0));
        operators.put("Celu", call -> emit(call, PointwiseFunction.CELU, number(call, "alpha", 1), 0));
        operators.put("Selu", call -> emit(call, PointwiseFunction.SELU, number(call, "alpha", SELU_ALPHA),
                number(call, "gamma", SELU_GAMMA)));
        operators.put("HardSigmoid", call -> emit(call, PointwiseFunction.HARDSIGMOID, number(call, "alpha", 0.2f),
                number(call, "beta", 0.5f)));
        operators.put("ThresholdedRelu", call -> emit(call, PointwiseFunction.THRESHOLD, number(call, "alpha", 1), 0));
        operators.put("Shrink", call -> emit(call, PointwiseFunction.SHRINK, number(call, "bias", 0),
                number(call, "lambd", 0.5f)));
        operators.put("Swish", call -> emit(call, PointwiseFunction.SILU, number(call, "alpha", 1), 0));
        operators.put("IsInf", call -> emit(call, PointwiseFunction.ISINF,
                call.attributes().integer("detect_positive", 1), call.attributes().integer("detect_negative", 1)));
        operators.put("Gelu", PointwiseOperators::gelu);
    }

    private static void emit(Call call, PointwiseFunction function, float a, float b) throws ModelFormatException {
        call.emit(new Op.Pointwise(function, a, b), call.source(0));
    }

    private static float number(Call call, String attribute, float otherwise) throws ModelFormatException {
        float value = call.attributes().number(attribute, otherwise);
        if (!Float.isFinite(value)) {
            throw call.error(attribute + " is " + value + ", expected a number; the file is damaged");
        }
        return value;
    }

    private static void gelu(Call call) throws NotSupportedException, ModelFormatException {
        String approximate = call.attributes().text("approximate", "none");
        switch (approximate) {
            case "none" -> emit(call, PointwiseFunction.GELU, 0, 0);
            case "tanh" -> emit(call, PointwiseFunction.GELU, 1, 0);
            default -> throw call.error("approximate is " + approximate + ", expected none or tanh");
        }
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
}
