package quantscope.graph;

/**
 * fp32 functions of two elements, beyond sum and product, which have operators of their own. Truth values are 0 and 1, and
 * whatever is not 0 is true. A NaN on either side makes MIN and MAX NaN.
 */
public enum PairFunction {
    SUB("Sub"), DIV("Div"), POW("Pow"), MIN("Minimum"), MAX("Maximum"),
    /** x above or at 0, slope * x else; the second operand is the slope. */
    PRELU("PReLU"),
    /** The remainder with the dividend's sign. */
    FMOD("Fmod"),
    /** The remainder with the divisor's sign. */
    REMAINDER("Remainder"),
    EQUAL("Equal"), GREATER("Greater"), GREATER_EQUAL("GreaterOrEqual"), LESS("Less"), LESS_EQUAL("LessOrEqual"),
    AND("And"), OR("Or"), XOR("Xor");

    private final String kind;

    PairFunction(String kind) {
        this.kind = kind;
    }

    /** The name of PyTorch's class or function, or else ONNX's operator. */
    public String kind() {
        return kind;
    }

    public float apply(float x, float y) {
        return switch (this) {
            case SUB -> x - y;
            case DIV -> x / y;
            case POW -> (float) Math.pow(x, y);
            case MIN -> Math.min(x, y);
            case MAX -> Math.max(x, y);
            case PRELU -> x < 0 ? x * y : x;
            case FMOD -> x % y;
            case REMAINDER -> remainder(x % y, y);
            case EQUAL -> truth(x == y);
            case GREATER -> truth(x > y);
            case GREATER_EQUAL -> truth(x >= y);
            case LESS -> truth(x < y);
            case LESS_EQUAL -> truth(x <= y);
            case AND -> truth(x != 0 && y != 0);
            case OR -> truth(x != 0 || y != 0);
            case XOR -> truth(x != 0 != (y != 0));
        };
    }

    private static float remainder(float rest, float divisor) {
        return rest != 0 && rest < 0 != divisor < 0 ? rest + divisor : rest;
    }

    private static float truth(boolean value) {
        return value ? 1 : 0;
    }
}
