package quantscope.kernel;

/**
 * From int32 accumulators to levels: y = clamp(rint((float(acc) + bias[o]) * multiplier[o]) + zeroPoint, low, 255).
 * FBGEMM's rule (OutputProcessing-inl.h): the bias stays a float, divided by the accumulator's scale.
 *
 * @param bias       [O], b / (s_x * s_w)
 * @param multiplier [O], s_x * s_w / s_y
 * @param low        the zero point where a ReLU is fused, else 0
 */
public record Requantize(float[] bias, float[] multiplier, int zeroPoint, int low) {

    /** The level of one accumulator of output channel o. */
    public byte level(int acc, int o) {
        return Int8Arithmetic.level((acc + bias[o]) * multiplier[o], zeroPoint, low);
    }
}
