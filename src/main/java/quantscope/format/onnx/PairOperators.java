package quantscope.format.onnx;

import java.util.Map;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Elementwise;
import quantscope.format.fold.Known;
import quantscope.graph.Op;
import quantscope.graph.PairFunction;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Arithmetic and comparisons of two or more inputs, element by element. */
final class PairOperators {

    private PairOperators() { }

    static void register(Map<String, Operator> operators) {
        operators.put("Add", call -> fold(call, new Op.Add()));
        operators.put("Sum", call -> fold(call, new Op.Add()));
        operators.put("Mul", call -> fold(call, new Op.Mul()));
        operators.put("Sub", PairOperators::sub);
        operators.put("Div", PairOperators::div);
        operators.put("Mean", PairOperators::mean);
        operators.put("Min", call -> fold(call, new Op.Pairwise(PairFunction.MIN)));
        operators.put("Max", call -> fold(call, new Op.Pairwise(PairFunction.MAX)));
        operators.put("Mod", PairOperators::mod);
        Map.ofEntries(Map.entry("Pow", PairFunction.POW), Map.entry("PRelu", PairFunction.PRELU),
                Map.entry("Equal", PairFunction.EQUAL), Map.entry("Greater", PairFunction.GREATER),
                Map.entry("GreaterOrEqual", PairFunction.GREATER_EQUAL), Map.entry("Less", PairFunction.LESS),
                Map.entry("LessOrEqual", PairFunction.LESS_EQUAL), Map.entry("And", PairFunction.AND),
                Map.entry("Or", PairFunction.OR), Map.entry("Xor", PairFunction.XOR))
                .forEach((name, function) -> operators.put(name, call -> pair(call, function)));
        operators.put("Where", PairOperators::where);
    }

    /** Constants that would make everything a NaN or an infinity are refused; a bound or a choice may be infinite. */
    private static void check(Call call) throws NotSupportedException, ModelFormatException {
        Batch.requireImagewise(call);
        for (int i = 0; i < call.inputs(); i++) {
            if (call.isKnown(i)) {
                call.weights(i, "constant");
            }
        }
    }

    private static void pair(Call call, PairFunction function) throws NotSupportedException, ModelFormatException {
        Batch.requireImagewise(call);
        call.emit(new Op.Pairwise(function), call.source(0), call.source(1));
    }

    /** One input passes, further ones are joined from left to right. */
    private static String fold(Call call, Op op) throws NotSupportedException, ModelFormatException {
        if (op instanceof Op.Pairwise) {
            Batch.requireImagewise(call);
        } else {
            check(call);
        }
        String joined = call.source(0);
        if (call.inputs() == 1) {
            return call.emit(new Op.Identity(), joined);
        }
        for (int i = 1; i < call.inputs(); i++) {
            joined = call.emit(op, joined, call.source(i));
        }
        return joined;
    }

    private static void mean(Call call) throws NotSupportedException, ModelFormatException {
        String sum = fold(call, new Op.Add());
        if (call.inputs() > 1) {
            call.emitMore("share", new Op.Pairwise(PairFunction.DIV), sum,
                    call.constant("count", FloatTensor.of(Shape.of(), call.inputs())));
        }
    }

    /** a - b with a constant b as a + (-b), which is the same number and has an int8 kernel. */
    private static void sub(Call call) throws NotSupportedException, ModelFormatException {
        check(call);
        if (call.isKnown(1)) {
            call.emit(new Op.Add(), call.source(0), call.constant("subtrahend",
                    Elementwise.unary(Elementwise.Unary.NEG, call.known(1, "b")).floats()));
        } else {
            call.emit(new Op.Pairwise(PairFunction.SUB), call.source(0), call.source(1));
        }
    }

    /** a / b with powers of two for b as a * (1 / b), which is the same number and has an int8 kernel. */
    private static void div(Call call) throws NotSupportedException, ModelFormatException {
        check(call);
        if (call.isKnown(1) && powersOfTwo(call.known(1, "divisor").floats())) {
            FloatTensor inverse = Elementwise.unary(Elementwise.Unary.RECIPROCAL,
                    Known.of(call.known(1, "divisor").floats())).floats();
            call.emit(new Op.Mul(), call.source(0), call.constant("divisor", inverse));
        } else {
            call.emit(new Op.Pairwise(PairFunction.DIV), call.source(0), call.source(1));
        }
    }

    private static boolean powersOfTwo(FloatTensor tensor) {
        for (float value : tensor.data()) {
            // A normal number without a fraction whose reciprocal is a normal number, too.
            if ((Float.floatToRawIntBits(value) & 0x7fffff) != 0 || Math.abs(Math.getExponent(value)) > 126) {
                return false;
            }
        }
        return true;
    }

    private static void mod(Call call) throws NotSupportedException, ModelFormatException {
        pair(call, call.attributes().integer("fmod", 0) != 0 ? PairFunction.FMOD : PairFunction.REMAINDER);
    }

    private static void where(Call call) throws NotSupportedException, ModelFormatException {
        Batch.requireImagewise(call);
        call.emit(new Op.Where(), call.source(0), call.source(1), call.source(2));
    }
}
