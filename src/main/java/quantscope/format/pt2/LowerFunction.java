package quantscope.format.pt2;

import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.graph.Op;
import quantscope.graph.PairFunction;
import quantscope.graph.PointwiseFunction;

/** Mathematical functions of one tensor, and conversions between element types. */
final class LowerFunction implements Lowering {

    private final Operands operands;

    LowerFunction(Operands operands) {
        this.operands = operands;
    }

    @Override
    public Optional<Lowered> lower(Call call, String operator) throws ModelFormatException {
        Optional<PointwiseFunction> function = function(operator);
        if (function.isPresent()) {
            if (call.number("decimals", 0) != 0) {
                throw new NotSupportedException("The program rounds to whole numbers only.");
            }
            return Optional.of(operands.layer(new Op.Pointwise(function.get()), call, "self"));
        }
        return Optional.ofNullable(switch (operator) {
            case "aten.rsqrt" -> behind(call, PointwiseFunction.SQRT, PointwiseFunction.RECIPROCAL);
            case "aten.expm1" -> new Lowered.Layer(new Op.Add(), operands.step(
                    new Op.Pointwise(PointwiseFunction.EXP), self(call)), operands.number(-1));
            case "aten.exp2" -> new Lowered.Layer(new Op.Pairwise(PairFunction.POW), operands.number(2), self(call));
            case "aten.log1p" -> new Lowered.Layer(new Op.Pointwise(PointwiseFunction.LOG),
                    operands.step(new Op.Add(), self(call), operands.number(1)));
            case "aten.log2" -> log(call, 2);
            case "aten.log10" -> log(call, 10);
            case "aten.trunc", "aten.fix" -> trunc(operands, self(call));
            case "aten.frac" -> new Lowered.Layer(new Op.Pairwise(PairFunction.FMOD), self(call), operands.number(1));
            case "aten.logical_not" -> new Lowered.Layer(new Op.Pointwise(PointwiseFunction.NOT), self(call));
            case "aten.bitwise_not" -> not(call);
            case "aten.isinf" -> operands.layer(new Op.Pointwise(PointwiseFunction.ISINF, 1, 1), call, "self");
            default -> null;
        });
    }

    /** The function that an operation is by itself. */
    static Optional<PointwiseFunction> function(String operator) {
        return Optional.ofNullable(switch (operator) {
            case "aten.abs" -> PointwiseFunction.ABS;
            case "aten.neg", "aten.negative" -> PointwiseFunction.NEG;
            case "aten.exp" -> PointwiseFunction.EXP;
            case "aten.log" -> PointwiseFunction.LOG;
            case "aten.sqrt" -> PointwiseFunction.SQRT;
            case "aten.reciprocal" -> PointwiseFunction.RECIPROCAL;
            case "aten.floor" -> PointwiseFunction.FLOOR;
            case "aten.ceil" -> PointwiseFunction.CEIL;
            case "aten.round" -> PointwiseFunction.ROUND;
            case "aten.erf", "aten.special_erf" -> PointwiseFunction.ERF;
            case "aten.sin" -> PointwiseFunction.SIN;
            case "aten.cos" -> PointwiseFunction.COS;
            case "aten.tan" -> PointwiseFunction.TAN;
            case "aten.asin", "aten.arcsin" -> PointwiseFunction.ASIN;
            case "aten.acos", "aten.arccos" -> PointwiseFunction.ACOS;
            case "aten.atan", "aten.arctan" -> PointwiseFunction.ATAN;
            case "aten.sinh" -> PointwiseFunction.SINH;
            case "aten.cosh" -> PointwiseFunction.COSH;
            case "aten.asinh", "aten.arcsinh" -> PointwiseFunction.ASINH;
            case "aten.acosh", "aten.arccosh" -> PointwiseFunction.ACOSH;
            case "aten.atanh", "aten.arctanh" -> PointwiseFunction.ATANH;
            case "aten.tanh" -> PointwiseFunction.TANH;
            case "aten.softsign" -> PointwiseFunction.SOFTSIGN;
            case "aten.isnan" -> PointwiseFunction.ISNAN;
            default -> null;
        });
    }

    private String self(Call call) throws ModelFormatException {
        return operands.node(call, "self");
    }

    private Lowered behind(Call call, PointwiseFunction first, PointwiseFunction then) throws ModelFormatException {
        return new Lowered.Layer(new Op.Pointwise(then), operands.step(new Op.Pointwise(first), self(call)));
    }

    private Lowered log(Call call, double base) throws ModelFormatException {
        String natural = operands.step(new Op.Pointwise(PointwiseFunction.LOG), self(call));
        return new Lowered.Layer(new Op.Mul(), natural, operands.number(1 / Math.log(base)));
    }

    private Lowered not(Call call) throws ModelFormatException {
        if (!operands.isBool(call, "self")) {
            throw new NotSupportedException("The program combines truth values only, not the bits of integers.");
        }
        return operands.layer(new Op.Pointwise(PointwiseFunction.NOT), call, "self");
    }

    /** Towards zero. */
    static Lowered.Layer trunc(Operands operands, String x) throws ModelFormatException {
        String negative = operands.step(new Op.Pairwise(PairFunction.LESS), x, operands.number(0));
        return new Lowered.Layer(new Op.Where(), negative, operands.step(new Op.Pointwise(PointwiseFunction.CEIL), x),
                operands.step(new Op.Pointwise(PointwiseFunction.FLOOR), x));
    }
}
