package quantscope.format.pt2;

import java.util.List;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.graph.Op;
import quantscope.graph.PairFunction;
import quantscope.graph.PointwiseFunction;
import quantscope.format.fold.Elementwise;
import quantscope.format.fold.Known;

/** Element-wise arithmetic of one, two or three tensors; numbers are tensors of one element. Truth values are 0 and 1. */
final class LowerArithmetic implements Lowering {

    private final Operands operands;

    LowerArithmetic(Operands operands) {
        this.operands = operands;
    }

    @Override
    public Optional<Lowered> lower(Call call, String operator) throws ModelFormatException {
        return Optional.ofNullable(switch (operator) {
            case "aten.add" -> new Lowered.Layer(new Op.Add(), operands.node(call, "self"), other(call));
            case "aten.sub", "aten.subtract" -> sub(call);
            case "aten.rsub" -> rsub(call);
            case "aten.mul", "aten.multiply" -> pair(new Op.Mul(), call, "self", "other");
            case "aten.div", "aten.divide", "aten.true_divide" -> div(call);
            case "aten.floor_divide" -> new Lowered.Layer(function(PointwiseFunction.FLOOR), quotient(call));
            case "aten.pow", "aten.float_power" -> pow(call);
            case "aten.square" -> pair(new Op.Mul(), call, "self", "self");
            case "aten.maximum" -> pair(PairFunction.MAX, call);
            case "aten.minimum" -> pair(PairFunction.MIN, call);
            case "aten.max" -> call.has("other") ? pair(PairFunction.MAX, call) : null;
            case "aten.min" -> call.has("other") ? pair(PairFunction.MIN, call) : null;
            case "aten.fmod" -> pair(PairFunction.FMOD, call);
            case "aten.remainder" -> pair(PairFunction.REMAINDER, call);
            case "aten.clamp", "aten.clip" -> clamp(call);
            case "aten.clamp_min" -> new Lowered.Layer(new Op.Pairwise(PairFunction.MAX), operands.node(call, "self"),
                    operands.node(call, "min"));
            case "aten.clamp_max" -> new Lowered.Layer(new Op.Pairwise(PairFunction.MIN), operands.node(call, "self"),
                    operands.node(call, "max"));
            case "aten.addcmul" -> addc(call, new Op.Mul());
            case "aten.addcdiv" -> addc(call, new Op.Pairwise(PairFunction.DIV));
            case "aten.lerp" -> lerp(call);
            case "aten.where" -> where(call);
            case "aten.masked_fill" -> new Lowered.Layer(new Op.Where(), operands.node(call, "mask"),
                    operands.node(call, "value"), operands.node(call, "self"));
            case "aten.gt", "aten.greater" -> pair(PairFunction.GREATER, call);
            case "aten.ge", "aten.greater_equal" -> pair(PairFunction.GREATER_EQUAL, call);
            case "aten.lt", "aten.less" -> pair(PairFunction.LESS, call);
            case "aten.le", "aten.less_equal" -> pair(PairFunction.LESS_EQUAL, call);
            case "aten.eq" -> pair(PairFunction.EQUAL, call);
            case "aten.ne", "aten.not_equal" -> new Lowered.Layer(function(PointwiseFunction.NOT), operands.step(
                    new Op.Pairwise(PairFunction.EQUAL), operands.node(call, "self"), operands.node(call, "other")));
            case "aten.logical_and", "aten.__and__", "aten.bitwise_and" -> logical(PairFunction.AND, call, operator);
            case "aten.logical_or", "aten.__or__", "aten.bitwise_or" -> logical(PairFunction.OR, call, operator);
            case "aten.logical_xor", "aten.__xor__", "aten.bitwise_xor" -> logical(PairFunction.XOR, call, operator);
            default -> null;
        });
    }

    private static Op function(PointwiseFunction function) {
        return new Op.Pointwise(function);
    }

    private Lowered pair(PairFunction function, Call call) throws ModelFormatException {
        return pair(new Op.Pairwise(function), call, "self", "other");
    }

    private Lowered pair(Op op, Call call, String first, String second) throws ModelFormatException {
        return new Lowered.Layer(op, operands.node(call, first), operands.node(call, second));
    }

    /** On integers bit by bit is something else. */
    private Lowered logical(PairFunction function, Call call, String operator) throws ModelFormatException {
        if (!operator.startsWith("aten.logical") && !operands.isBool(call, "self")) {
            throw new NotSupportedException("The program combines truth values only, not the bits of integers.");
        }
        return pair(function, call);
    }

    /** alpha * other. */
    private String other(Call call) throws ModelFormatException {
        double alpha = call.number("alpha", 1);
        Slot other = call.operand("other");
        if (alpha == 1) {
            return operands.node(other);
        }
        if (other instanceof Slot.Fixed f) {
            return operands.node(new Slot.Fixed(Elementwise.binary(Elementwise.Binary.MUL, f.value(),
                    Known.scalar((float) alpha))));
        }
        return operands.step(new Op.Mul(), operands.node(other), operands.number(alpha));
    }

    /** Minus a constant is plus its negative, which is the same number and a layer that can be int8. */
    private Lowered sub(Call call) throws ModelFormatException {
        if (call.operand("other") instanceof Slot.Fixed f) {
            Known scaled = Elementwise.binary(Elementwise.Binary.MUL, Known.of(f.value().floats()),
                    Known.scalar((float) -call.number("alpha", 1)));
            return new Lowered.Layer(new Op.Add(), operands.node(call, "self"), operands.node(new Slot.Fixed(scaled)));
        }
        return new Lowered.Layer(new Op.Pairwise(PairFunction.SUB), operands.node(call, "self"), other(call));
    }

    /** other - alpha * self. */
    private Lowered rsub(Call call) throws ModelFormatException {
        double alpha = call.number("alpha", 1);
        String self = operands.node(call, "self");
        String scaled = alpha == 1 ? self : operands.step(new Op.Mul(), self, operands.number(alpha));
        return new Lowered.Layer(new Op.Pairwise(PairFunction.SUB), operands.node(call, "other"), scaled);
    }

    private Lowered div(Call call) throws ModelFormatException {
        String mode = call.text("rounding_mode", "");
        if (mode.equals("floor")) {
            return new Lowered.Layer(function(PointwiseFunction.FLOOR), quotient(call));
        }
        if (mode.equals("trunc")) {
            return LowerFunction.trunc(operands, quotient(call));
        }
        // By a power of two the product with its reciprocal is the same number, and a layer that can be int8.
        if (call.operand("other") instanceof Slot.Fixed f && f.value().shape().elements() == 1
                && isPowerOfTwo(f.value().floats().data()[0])) {
            return new Lowered.Layer(new Op.Mul(), operands.node(call, "self"), operands.node(new Slot.Fixed(
                    Elementwise.unary(Elementwise.Unary.RECIPROCAL, Known.of(f.value().floats())))));
        }
        return pair(PairFunction.DIV, call);
    }

    private static boolean isPowerOfTwo(float x) {
        return (Float.floatToRawIntBits(x) & 0x007fffff) == 0 && Math.getExponent(x) > -100 && Math.getExponent(x) < 100;
    }

    private String quotient(Call call) throws ModelFormatException {
        return operands.step(new Op.Pairwise(PairFunction.DIV), operands.node(call, "self"), operands.node(call, "other"));
    }

    private Lowered pow(Call call) throws ModelFormatException {
        if (call.operand("exponent") instanceof Slot.Fixed f && f.value().shape().elements() == 1) {
            float exponent = f.value().floats().data()[0];
            String self = operands.node(call, "self");
            if (exponent == 2) {
                return new Lowered.Layer(new Op.Mul(), self, self);
            }
            if (exponent == 0.5f) {
                return new Lowered.Layer(function(PointwiseFunction.SQRT), self);
            }
            if (exponent == -1) {
                return new Lowered.Layer(function(PointwiseFunction.RECIPROCAL), self);
            }
        }
        return pair(new Op.Pairwise(PairFunction.POW), call, "self", "exponent");
    }

    /** Bounds may be numbers or tensors. */
    private Lowered clamp(Call call) throws ModelFormatException {
        if (call.tensorName("min").isEmpty() && call.tensorName("max").isEmpty()) {
            return operands.layer(Clips.of(call, call.number("min", Double.NEGATIVE_INFINITY),
                    call.number("max", Double.POSITIVE_INFINITY)), call, "self");
        }
        String self = operands.node(call, "self");
        if (!call.has("max")) {
            return new Lowered.Layer(new Op.Pairwise(PairFunction.MAX), self, operands.node(call, "min"));
        }
        String low = call.has("min")
                ? operands.step(new Op.Pairwise(PairFunction.MAX), self, operands.node(call, "min")) : self;
        return new Lowered.Layer(new Op.Pairwise(PairFunction.MIN), low, operands.node(call, "max"));
    }

    /** self + value * tensor1 op tensor2. */
    private Lowered addc(Call call, Op op) throws ModelFormatException {
        double value = call.number("value", 1);
        String self = operands.node(call, "self");
        String both = operands.step(op, operands.node(call, "tensor1"), operands.node(call, "tensor2"));
        String scaled = value == 1 ? both : operands.step(new Op.Mul(), both, operands.number(value));
        return new Lowered.Layer(new Op.Add(), self, scaled);
    }

    /** self + weight * (end - self). */
    private Lowered lerp(Call call) throws ModelFormatException {
        String self = operands.node(call, "self");
        String way = operands.step(new Op.Pairwise(PairFunction.SUB), operands.node(call, "end"), self);
        return new Lowered.Layer(new Op.Add(), self, operands.step(new Op.Mul(), way, operands.node(call, "weight")));
    }

    private Lowered where(Call call) throws ModelFormatException {
        if (!call.has("self")) {
            throw new NotSupportedException("How many elements it finds depends on the image.");
        }
        return new Lowered.Layer(new Op.Where(), List.of(operands.node(call, "condition"), operands.node(call, "self"),
                operands.node(call, "other")));
    }
}
