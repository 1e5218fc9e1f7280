package quantscope.graph;

/** What becomes of the elements that a reduction joins; accumulated in double and rounded to float32 once. */
public enum Reduction {
    SUM("Sum"), MEAN("Mean"), MAX("Amax"), MIN("Amin"), PROD("Prod"),
    /** Sum of absolute values. */
    L1("L1Norm"),
    /** Root of the sum of squares. */
    L2("L2Norm"),
    SUM_SQUARE("SumSquare"), LOG_SUM("LogSum"), LOG_SUM_EXP("LogSumExp");

    private final String kind;

    Reduction(String kind) {
        this.kind = kind;
    }

    /** PyTorch's function, as a title; ONNX's operator where PyTorch has none. */
    public String kind() {
        return kind;
    }

    /** Of nothing. */
    public double start() {
        return switch (this) {
            case SUM, MEAN, L1, L2, SUM_SQUARE, LOG_SUM -> 0;
            case PROD -> 1;
            case MAX, LOG_SUM_EXP -> Double.NEGATIVE_INFINITY;
            case MIN -> Double.POSITIVE_INFINITY;
        };
    }

    /** With one element more. */
    public double add(double sum, float x) {
        return switch (this) {
            case SUM, MEAN, LOG_SUM -> sum + x;
            case L1 -> sum + Math.abs(x);
            case L2, SUM_SQUARE -> sum + (double) x * x;
            case PROD -> sum * x;
            case MAX -> Math.max(sum, x);
            case MIN -> Math.min(sum, x);
            case LOG_SUM_EXP -> sum == x ? sum + Math.log(2)
                    : Math.max(sum, x) + Math.log1p(Math.exp(-Math.abs(sum - x)));
        };
    }

    /** @param count of the elements */
    public float end(double sum, int count) {
        return (float) switch (this) {
            case MEAN -> sum / count;
            case L2 -> Math.sqrt(sum);
            case LOG_SUM -> Math.log(sum);
            case SUM, MAX, MIN, PROD, L1, SUM_SQUARE, LOG_SUM_EXP -> sum;
        };
    }
}
