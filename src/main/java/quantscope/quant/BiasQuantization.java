package quantscope.quant;

/** Biases as the int32 levels that qnnpack and ONNX Runtime add to their accumulators; the zero point is 0. */
public final class BiasQuantization {

    private BiasQuantization() { }

    /** PyTorch's quantize to qint32, which qnnpack uses: rint(bias * (1 / scale)), clamped to int32. */
    public static int pytorch(float bias, float scale) {
        return (int) Math.rint(bias * (1f / scale));
    }

    /** ONNX's QuantizeLinear: rint(bias / scale), clamped to int32. */
    public static int onnx(float bias, float scale) {
        return (int) Math.rint(bias / scale);
    }
}
