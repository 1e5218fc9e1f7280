package quantscope.run.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import quantscope.graph.Op;

/** Functions of elements, and reductions, that ND4J has under the same name. */
final class Functions {

    private Functions() { }

    static boolean knows(Op.Pointwise op) {
        return switch (op.function()) {
            case ABS, NEG, EXP, LOG, SQRT, RECIPROCAL, FLOOR, CEIL, SIN, COS, TANH, SOFTPLUS, SOFTSIGN -> true;
            case ROUND, ERF, TAN, ASIN, ACOS, ATAN, SINH, COSH, ASINH, ACOSH, ATANH, HARDSIGMOID, HARDSWISH, SILU, GELU, MISH, ELU,
                    SELU, CELU, THRESHOLD, SHRINK, NOT, ISNAN, ISINF -> false;
        };
    }

    static INDArray apply(Op.Pointwise op, INDArray x) {
        return switch (op.function()) {
            case ABS -> Transforms.abs(x, true);
            case NEG -> x.neg();
            case EXP -> Transforms.exp(x, true);
            case LOG -> Transforms.log(x, true);
            case SQRT -> Transforms.sqrt(x, true);
            case RECIPROCAL -> x.rdiv(1);
            case FLOOR -> Transforms.floor(x, true);
            case CEIL -> Transforms.ceil(x, true);
            case SIN -> Transforms.sin(x, true);
            case COS -> Transforms.cos(x, true);
            case TANH -> Transforms.tanh(x, true);
            case SOFTPLUS -> Transforms.softPlus(x, true);
            case SOFTSIGN -> x.div(Transforms.abs(x, true).add(1));
            default -> throw new IllegalStateException(op.function() + " is not known");
        };
    }

    static boolean knows(Op.Pairwise op) {
        return switch (op.function()) {
            case SUB, DIV, MIN, MAX, EQUAL, GREATER, LESS -> true;
            case POW, PRELU, FMOD, REMAINDER, GREATER_EQUAL, LESS_EQUAL, AND, OR, XOR -> false;
        };
    }

    static INDArray apply(Op.Pairwise op, INDArray x, INDArray y) {
        return switch (op.function()) {
            case SUB -> x.sub(y);
            case DIV -> x.div(y);
            case MIN -> Transforms.min(x.add(y.mul(0)), y.add(x.mul(0)), true);
            case MAX -> Transforms.max(x.add(y.mul(0)), y.add(x.mul(0)), true);
            case EQUAL -> x.eq(y).castTo(DataType.FLOAT);
            case GREATER -> x.gt(y).castTo(DataType.FLOAT);
            case LESS -> x.lt(y).castTo(DataType.FLOAT);
            default -> throw new IllegalStateException(op.function() + " is not known");
        };
    }

    static boolean knows(Op.Reduce op) {
        return switch (op.reduction()) {
            case SUM, MEAN, MAX, MIN, PROD, L1, L2 -> true;
            case SUM_SQUARE, LOG_SUM, LOG_SUM_EXP -> false;
        };
    }

    static INDArray apply(Op.Reduce op, INDArray x) {
        int[] axes = op.axes().stream().mapToInt(Integer::intValue).toArray();
        return switch (op.reduction()) {
            case SUM -> x.sum(axes);
            case MEAN -> x.mean(axes);
            case MAX -> x.max(axes);
            case MIN -> x.min(axes);
            case PROD -> x.prod(axes);
            case L1 -> x.norm1(axes);
            case L2 -> x.norm2(axes);
            default -> throw new IllegalStateException(op.reduction() + " is not known");
        };
    }
}
