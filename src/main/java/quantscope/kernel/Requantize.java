package quantscope.kernel;

/**
 * From int32 accumulators to levels: y = clamp(rint((float(acc + offset[o]) + bias[o]) * multiplier[o]) + zeroPoint,
 * low, 255). FBGEMM's bias stays a float, divided by the accumulator's scale (OutputProcessing-inl.h), and nothing is
 * added to the accumulator; qnnpack and ONNX Runtime add theirs to it as integers.
 *
 * @param offset     [O], added in int32, which wraps around
 * @param bias       [O], b / (s_x * s_w)
 * @param multiplier [O], s_x * s_w / s_y
 * @param low        the zero point where a ReLU is fused, else 0
 */
public record Requantize(int[] offset, float[] bias, float[] multiplier, int zeroPoint, int low) {

    /** With nothing added to the accumulators. */
    public Requantize(float[] bias, float[] multiplier, int zeroPoint, int low) {
        this(new int[bias.length], bias, multiplier, zeroPoint, low);
    }

    /** The level of one accumulator of output channel o. */
    public byte level(int acc, int o) {
        return Int8Arithmetic.level((acc + offset[o] + bias[o]) * multiplier[o], zeroPoint, low);
    }
}
