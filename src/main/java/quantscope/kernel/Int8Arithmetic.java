package quantscope.kernel;

/**
 * The float32 arithmetic around 8-bit levels, operation by operation as PyTorch 2.13 rounds it on x86 CPUs with FMA.
 *
 * <p>ATen computes element-wise int8 operators in vectors and finishes with a scalar tail. The two dequantize
 * differently, and one rounds before it adds the zero point, the other behind: at ties a level may differ by one.
 * Where its vectors end depends on the CPU's vector width and on the number of threads; here every element follows
 * the vectors' rule, except where channels decide.
 */
public final class Int8Arithmetic {

    /** 1.5 * 2^23: adding and subtracting it rounds |v| < 2^22 to the nearest integer, half to even. */
    public static final float ROUNDER = 12582912f;

    private Int8Arithmetic() { }

    /** clamp(rint(v) + z, low, 255); a NaN gives the low bound, as the CPU's conversion does. */
    public static byte level(float v, int zeroPoint, int low) {
        float clamped = Math.min(Math.max(v, low - zeroPoint), 255 - zeroPoint);
        // The bounds are integers, so clamping first changes no result and keeps the rounding trick in its range.
        float rounded = (clamped + ROUNDER) - ROUNDER;
        return Float.isNaN(v) ? (byte) low : (byte) ((int) rounded + zeroPoint);
    }

    /** quantize_per_tensor: rint(fma(x, 1/s, z)), clamped to 0..255. */
    public static byte quantize(float x, float inverseScale, int zeroPoint) {
        return level(Math.fma(x, inverseScale, (float) zeroPoint), 0, 0);
    }

    /** quantize_val, ATen's scalar code: rint(x * (1/s) + z), the product rounded, clamped to 0..255. */
    public static byte quantizeValue(float x, float inverseScale, int zeroPoint) {
        return level(x * inverseScale + zeroPoint, 0, 0);
    }

    /** Dequantize as ATen's vectors do: fma(s, q, -(s * z)), with s * z rounded first. */
    public static float dequantizeFused(int level, float scale, int zeroPoint) {
        return Math.fma(scale, (float) level, scale * -(float) zeroPoint);
    }

    /** Dequantize as ATen's scalar code does: (q - z) * s. */
    public static float dequantize(int level, float scale, int zeroPoint) {
        return (float) (level - zeroPoint) * scale;
    }

    /** Vectorized::quantize and requantize_from_int: rint(x * inverse) + z, clamped to 0..255. */
    public static byte requantize(float x, float inverseScale, int zeroPoint) {
        return level(x * inverseScale, zeroPoint, 0);
    }
}
