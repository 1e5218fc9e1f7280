package quantscope.quant;

/** The two 8-bit types of PyTorch's quantized tensors. */
public enum QuantDtype {
    QUINT8(0, 255, 0, 127),
    QINT8(-128, 127, -64, 63);

    private final int min;
    private final int max;
    private final int reducedMin;
    private final int reducedMax;

    QuantDtype(int min, int max, int reducedMin, int reducedMax) {
        this.min = min;
        this.max = max;
        this.reducedMin = reducedMin;
        this.reducedMax = reducedMax;
    }

    /** The smallest level that the type can hold: 0 or -128. */
    public int min() {
        return min;
    }

    /** The largest level that the type can hold: 255 or 127. */
    public int max() {
        return max;
    }

    /** The smallest level that an observer plans for; with reduced range 0 or -64. */
    public int quantMin(boolean reduceRange) {
        return reduceRange ? reducedMin : min;
    }

    /** The largest level that an observer plans for; with reduced range 127 or 63. */
    public int quantMax(boolean reduceRange) {
        return reduceRange ? reducedMax : max;
    }
}
