package quantscope.export.pytorch;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import quantscope.graph.Op;

/** Writes element-wise functions and reductions that torch.nn has no module for as expressions of forward. */
final class Functions {

    private Functions() { }

    /** @param x an expression that binds at least as tightly as a call */
    static String pointwise(Op.Pointwise op, String x) {
        String a = Python.number(op.a());
        String b = Python.number(op.b());
        return switch (op.function()) {
            case ABS, NEG, EXP, LOG, SQRT, RECIPROCAL, FLOOR, CEIL, ROUND, ERF, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH,
                    ASINH, ACOSH, ATANH, TANH -> "torch." + op.function().name().toLowerCase(Locale.ROOT) + "(" + x + ")";
            case SOFTPLUS -> "nn.functional.softplus(" + x + ")";
            case SOFTSIGN -> "nn.functional.softsign(" + x + ")";
            case HARDSIGMOID -> "torch.clamp(%s * %s + %s, 0.0, 1.0)".formatted(x, a, b);
            case HARDSWISH -> "nn.functional.hardswish(" + x + ")";
            case SILU -> "%s * torch.sigmoid(%s * %s)".formatted(x, x, a);
            case GELU -> "nn.functional.gelu(" + x + (op.a() == 1 ? ", approximate=\"tanh\")" : ")");
            case MISH -> "nn.functional.mish(" + x + ")";
            case ELU -> "nn.functional.elu(" + x + ", " + a + ")";
            case SELU -> "nn.functional.elu(" + x + ", " + a + ") * " + b;
            case CELU -> "nn.functional.celu(" + x + ", " + a + ")";
            case THRESHOLD -> "nn.functional.threshold(" + x + ", " + a + ", 0.0)";
            case SHRINK -> "torch.where(%s > %s, %s - %s, torch.where(%s < -%s, %s + %s, 0.0))".formatted(x, b, x, a, x, b, x, a);
            case NOT -> "(" + x + " == 0).float()";
            case ISNAN -> "torch.isnan(" + x + ").float()";
            case ISINF -> op.a() != 0 && op.b() != 0 ? "torch.isinf(" + x + ").float()"
                    : op.a() != 0 ? "torch.isposinf(" + x + ").float()"
                    : op.b() != 0 ? "torch.isneginf(" + x + ").float()" : "torch.zeros_like(" + x + ")";
        };
    }

    /** The sums, products and joins that have an operator of their own are not among these. */
    static String pairwise(Op.Pairwise op, String x, String y) {
        return switch (op.function()) {
            case SUB -> x + " - " + y;
            case DIV -> x + " / " + y;
            case POW -> "torch.pow(" + x + ", " + y + ")";
            case MIN -> "torch.minimum(" + x + ", " + y + ")";
            case MAX -> "torch.maximum(" + x + ", " + y + ")";
            case PRELU -> "torch.where(%s < 0, %s * %s, %s)".formatted(x, x, y, x);
            case FMOD -> "torch.fmod(" + x + ", " + y + ")";
            case REMAINDER -> "torch.remainder(" + x + ", " + y + ")";
            case EQUAL -> "(" + x + " == " + y + ").float()";
            case GREATER -> "(" + x + " > " + y + ").float()";
            case GREATER_EQUAL -> "(" + x + " >= " + y + ").float()";
            case LESS -> "(" + x + " < " + y + ").float()";
            case LESS_EQUAL -> "(" + x + " <= " + y + ").float()";
            case AND -> "torch.logical_and(" + x + ", " + y + ").float()";
            case OR -> "torch.logical_or(" + x + ", " + y + ").float()";
            case XOR -> "torch.logical_xor(" + x + ", " + y + ").float()";
        };
    }

    /** Over no axis at all, which to PyTorch would mean over every one, the elements get an axis to be reduced over. */
    static String reduce(Op.Reduce op, String x) {
        if (op.axes().isEmpty()) {
            return reduce(new Op.Reduce(op.reduction(), List.of(-1), false), x + ".unsqueeze(-1)");
        }
        String how = "dim=" + op.axes() + (op.keepDims() ? ", keepdim=True" : "") + ")";
        return switch (op.reduction()) {
            case SUM -> x + ".sum(" + how;
            case MEAN -> x + ".mean(" + how;
            case MAX -> x + ".amax(" + how;
            case MIN -> x + ".amin(" + how;
            // PyTorch multiplies along one axis at a time; from the last on, so that those before keep their numbers.
            case PROD -> x + op.axes().stream().sorted(Comparator.reverseOrder())
                    .map(axis -> ".prod(dim=" + axis + (op.keepDims() ? ", keepdim=True)" : ")")).collect(Collectors.joining());
            case L1 -> x + ".abs().sum(" + how;
            case L2 -> "torch.linalg.vector_norm(" + x + ", " + how;
            case SUM_SQUARE -> x + ".square().sum(" + how;
            case LOG_SUM -> x + ".sum(" + how + ".log()";
            case LOG_SUM_EXP -> "torch.logsumexp(" + x + ", " + how;
        };
    }
}
