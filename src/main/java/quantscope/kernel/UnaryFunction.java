package quantscope.kernel;

/** fp32 functions of one element. */
public enum UnaryFunction {
    /** max(x, 0). */
    RELU,
    /** min(max(x, a), b). */
    CLIP,
    /** x above 0, a * x else. */
    LEAKY_RELU,
    /** 1 / (1 + e^-x). */
    SIGMOID,
    /** -1 or +1, a for 0; NaN stays. */
    SIGN
}
