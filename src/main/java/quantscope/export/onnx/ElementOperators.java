package quantscope.export.onnx;

import static quantscope.export.onnx.OnnxGraph.number;
import static quantscope.export.onnx.OnnxGraph.numbers;

import java.util.List;
import java.util.Map;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.PairFunction;
import quantscope.graph.PointwiseFunction;
import quantscope.graph.Reduction;
import quantscope.tensor.Shape;

/** Functions of one or two elements, choices and reductions; truth values become 0 and 1 in fp32. */
final class ElementOperators {

    /** Of TensorProto. */
    private static final int FLOAT = 1;
    private static final int BOOL = 9;

    private static final Map<PairFunction, String> COMPARISONS = Map.of(PairFunction.EQUAL, "Equal", PairFunction.GREATER, "Greater",
            PairFunction.GREATER_EQUAL, "GreaterOrEqual", PairFunction.LESS, "Less", PairFunction.LESS_EQUAL, "LessOrEqual");

    private final Steps steps;

    ElementOperators(Steps steps) {
        this.steps = steps;
    }

    void pointwise(Node node, String value, Op.Pointwise op, String x) {
        PointwiseFunction f = op.function();
        switch (f) {
            case ABS, NEG, EXP, LOG, SQRT, RECIPROCAL, FLOOR, CEIL, ROUND, ERF, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH,
                    ASINH, ACOSH, ATANH, TANH, SOFTPLUS, SOFTSIGN -> steps.node(f.kind(), value, List.of(x));
            case HARDSIGMOID -> steps.node("HardSigmoid", value, List.of(x), number("alpha", op.a()), number("beta", op.b()));
            case HARDSWISH -> steps.node("HardSwish", value, List.of(x));
            case SILU -> {
                String inside = op.a() == 1 ? x : steps.step(node, "Mul", x, steps.scalar(node, "slope", op.a()));
                steps.node("Mul", value, List.of(x, steps.step(node, "Sigmoid", inside)));
            }
            case GELU -> {
                String half = steps.step(node, "Mul", x, steps.scalar(node, "half", 0.5f));
                String inside = op.a() == 1 ? steps.step(node, "Tanh", cubic(node, x)) : steps.step(node, "Erf",
                        steps.step(node, "Mul", x, steps.scalar(node, "sqrt_half", (float) Math.sqrt(0.5))));
                steps.node("Mul", value, List.of(half, steps.step(node, "Add", inside, steps.scalar(node, "one", 1))));
            }
            case MISH -> steps.node("Mul", value, List.of(x, steps.step(node, "Tanh", steps.step(node, "Softplus", x))));
            case ELU -> steps.node("Elu", value, List.of(x), number("alpha", op.a()));
            case SELU -> steps.node("Selu", value, List.of(x), number("alpha", op.a()), number("gamma", op.b()));
            case CELU -> steps.node("Celu", value, List.of(x), number("alpha", op.a()));
            case THRESHOLD -> steps.node("ThresholdedRelu", value, List.of(x), number("alpha", op.a()));
            case SHRINK -> steps.node("Shrink", value, List.of(x), number("bias", op.a()), number("lambd", op.b()));
            case NOT -> truth(node, value, steps.step(node, "Equal", x, steps.scalar(node, "zero", 0)));
            case ISNAN -> truth(node, value, steps.step(node, "IsNaN", x));
            case ISINF -> truth(node, value, steps.step(node, "IsInf", List.of(x), number("detect_positive", op.a() != 0 ? 1 : 0),
                    number("detect_negative", op.b() != 0 ? 1 : 0)));
        }
    }

    /** sqrt(2/pi) (x + 0.044715 x^3). */
    private String cubic(Node node, String x) {
        String cube = steps.step(node, "Mul", steps.step(node, "Mul", x, x), x);
        String sum = steps.step(node, "Add", x, steps.step(node, "Mul", cube, steps.scalar(node, "third", 0.044715f)));
        return steps.step(node, "Mul", sum, steps.scalar(node, "factor", (float) Math.sqrt(2 / Math.PI)));
    }

    void pairwise(Node node, String value, Op.Pairwise op, String x, String y) {
        switch (op.function()) {
            case SUB -> steps.node("Sub", value, List.of(x, y));
            case DIV -> steps.node("Div", value, List.of(x, y));
            case POW -> steps.node("Pow", value, List.of(x, y));
            case MIN -> steps.node("Min", value, List.of(x, y));
            case MAX -> steps.node("Max", value, List.of(x, y));
            case PRELU -> {
                String below = steps.step(node, "Less", x, steps.scalar(node, "zero", 0));
                steps.node("Where", value, List.of(below, steps.step(node, "Mul", x, y), x));
            }
            case FMOD -> steps.node("Mod", value, List.of(x, y), number("fmod", 1));
            case REMAINDER -> {
                String rest = steps.step(node, "Mod", List.of(x, y), number("fmod", 1));
                String signs = steps.step(node, "Mul", steps.step(node, "Sign", rest), steps.step(node, "Sign", y));
                String opposite = steps.step(node, "Less", signs, steps.scalar(node, "zero", 0));
                steps.node("Where", value, List.of(opposite, steps.step(node, "Add", rest, y), rest));
            }
            case EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL ->
                    truth(node, value, steps.step(node, COMPARISONS.get(op.function()), x, y));
            case AND, OR, XOR -> truth(node, value, steps.step(node, op.function().kind(), bool(node, x), bool(node, y)));
        }
    }

    void where(Node node, String value, List<String> in) {
        steps.node("Where", value, List.of(bool(node, in.get(0)), in.get(1), in.get(2)));
    }

    /** Over no axis at all, which to ONNX would mean over every one, the elements get an axis to be reduced over. */
    void reduce(Node node, String value, Op.Reduce op, String x, Shape in) {
        List<Integer> axes = op.axes();
        boolean keep = op.keepDims();
        String from = x;
        if (axes.isEmpty()) {
            from = steps.step(node, "Unsqueeze", x, steps.longs(node, "axes", in.rank()));
            axes = List.of(in.rank());
            keep = false;
        }
        int[] all = axes.stream().mapToInt(Integer::intValue).toArray();
        if (op.reduction() == Reduction.SUM) {
            steps.node("ReduceSum", value, List.of(from, steps.longs(node, "axes", all)), number("keepdims", keep ? 1 : 0));
            return;
        }
        steps.node(switch (op.reduction()) {
            case SUM -> "ReduceSum";
            case MEAN -> "ReduceMean";
            case MAX -> "ReduceMax";
            case MIN -> "ReduceMin";
            case PROD -> "ReduceProd";
            case L1 -> "ReduceL1";
            case L2 -> "ReduceL2";
            case SUM_SQUARE -> "ReduceSumSquare";
            case LOG_SUM -> "ReduceLogSum";
            case LOG_SUM_EXP -> "ReduceLogSumExp";
        }, value, List.of(from), numbers("axes", all), number("keepdims", keep ? 1 : 0));
    }

    private String bool(Node node, String x) {
        return steps.step(node, "Cast", List.of(x), number("to", BOOL));
    }

    private void truth(Node node, String value, String bool) {
        steps.node("Cast", value, List.of(bool), number("to", FLOAT));
    }
}
