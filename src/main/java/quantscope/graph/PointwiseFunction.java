package quantscope.graph;

/**
 * fp32 functions of one element, beyond those that have an operator of their own. Each is computed in double and rounded
 * once, so that frameworks, which compute in float32, differ in the last places. Truth values are 0 and 1.
 */
public enum PointwiseFunction {
    ABS("Abs"), NEG("Neg"), EXP("Exp"), LOG("Log"), SQRT("Sqrt"), RECIPROCAL("Reciprocal"), FLOOR("Floor"), CEIL("Ceil"),
    /** Halves go to the even neighbour. */
    ROUND("Round"),
    ERF("Erf"), SIN("Sin"), COS("Cos"), TAN("Tan"), ASIN("Asin"), ACOS("Acos"), ATAN("Atan"), SINH("Sinh"), COSH("Cosh"),
    ASINH("Asinh"), ACOSH("Acosh"), ATANH("Atanh"), TANH("Tanh"),
    /** log(1 + e^x). */
    SOFTPLUS("Softplus"),
    /** x / (1 + |x|). */
    SOFTSIGN("Softsign"),
    /** min(max(a x + b, 0), 1); PyTorch's has a = 1/6, b = 1/2. */
    HARDSIGMOID("Hardsigmoid"),
    /** x min(max(x / 6 + 1/2, 0), 1). */
    HARDSWISH("Hardswish"),
    /** x / (1 + e^(-a x)); PyTorch's has a = 1. */
    SILU("SiLU"),
    /** x/2 (1 + erf(x / sqrt 2)); with a = 1 by the approximation x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))). */
    GELU("GELU"),
    /** x tanh(log(1 + e^x)). */
    MISH("Mish"),
    /** x above 0, a (e^x - 1) else. */
    ELU("ELU"),
    /** b x above 0, a b (e^x - 1) else. */
    SELU("SELU"),
    /** max(x, 0) + min(a (e^(x/a) - 1), 0). */
    CELU("CELU"),
    /** x above a, 0 else. */
    THRESHOLD("Threshold"),
    /** x - a above b, x + a below -b, 0 else. */
    SHRINK("Softshrink"),
    /** 1 where x is 0. */
    NOT("Not"),
    ISNAN("IsNaN"),
    /** Of infinities: the positive one counts unless a is 0, the negative one unless b is. */
    ISINF("IsInf");

    private static final double SQRT_2_BY_PI = Math.sqrt(2 / Math.PI);

    private final String kind;

    PointwiseFunction(String kind) {
        this.kind = kind;
    }

    /** The name of PyTorch's class, or else ONNX's operator. */
    public String kind() {
        return kind;
    }

    /** @param a and b have the meaning that the constant says; elsewhere none */
    public float apply(float x, float a, float b) {
        return (float) exact(x, a, b);
    }

    private double exact(double x, double a, double b) {
        return switch (this) {
            case ABS -> Math.abs(x);
            case NEG -> -x;
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case SQRT -> Math.sqrt(x);
            case RECIPROCAL -> 1 / x;
            case FLOOR -> Math.floor(x);
            case CEIL -> Math.ceil(x);
            case ROUND -> Math.rint(x);
            case ERF -> ErrorFunction.erf(x);
            case SIN -> Math.sin(x);
            case COS -> Math.cos(x);
            case TAN -> Math.tan(x);
            case ASIN -> Math.asin(x);
            case ACOS -> Math.acos(x);
            case ATAN -> Math.atan(x);
            case SINH -> Math.sinh(x);
            case COSH -> Math.cosh(x);
            case ASINH -> Math.copySign(Math.log1p(Math.abs(x) + x * x / (1 + Math.sqrt(x * x + 1))), x);
            case ACOSH -> Math.log(x + Math.sqrt(x * x - 1));
            case ATANH -> 0.5 * (Math.log1p(x) - Math.log1p(-x));
            case TANH -> Math.tanh(x);
            case SOFTPLUS -> softplus(x);
            case SOFTSIGN -> x / (1 + Math.abs(x));
            case HARDSIGMOID -> Math.min(Math.max(a * x + b, 0), 1);
            case HARDSWISH -> x * Math.min(Math.max(x / 6 + 0.5, 0), 1);
            case SILU -> x / (1 + Math.exp(-a * x));
            case GELU -> x / 2 * (1 + (a == 1 ? Math.tanh(SQRT_2_BY_PI * (x + 0.044715 * x * x * x))
                    : ErrorFunction.erf(x / Math.sqrt(2))));
            case MISH -> x * Math.tanh(softplus(x));
            case ELU -> x > 0 ? x : a * Math.expm1(x);
            case SELU -> x > 0 ? b * x : a * b * Math.expm1(x);
            case CELU -> Math.max(x, 0) + Math.min(a * Math.expm1(x / a), 0);
            case THRESHOLD -> x > a ? x : 0;
            case SHRINK -> x > b ? x - a : x < -b ? x + a : 0;
            case NOT -> x == 0 ? 1 : 0;
            case ISNAN -> Double.isNaN(x) ? 1 : 0;
            case ISINF -> x == Double.POSITIVE_INFINITY && a != 0 || x == Double.NEGATIVE_INFINITY && b != 0 ? 1 : 0;
        };
    }

    /** Without overflow for large x. */
    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }
}
