package quantscope.quant;

import quantscope.tensor.FloatTensor;

/**
 * float to int8 and back, as PyTorch 2.13 computes it; inv = 1f / scale, rint rounds half to even, the result is
 * clamped to the type. Per tensor: rint(fma(x, inv, z)). Per channel: rint(x * inv + z), not fused. NaN becomes the
 * lowest level.
 */
public final class Quantizer {

    private Quantizer() { }

    /** Quantizes a tensor; per-channel parameters run over their axis 0. */
    public static QuantizedTensor quantize(FloatTensor tensor, QuantParams params) {
        byte[] levels = new byte[tensor.data().length];
        switch (params) {
            case QuantParams.PerTensor p -> quantize(tensor.data(), levels, p);
            case QuantParams.PerChannel p -> perChannel(tensor, levels, p);
        }
        return new QuantizedTensor(tensor.shape(), levels, params);
    }

    /** Quantizes per tensor into an array of the same length. */
    public static void quantize(float[] x, byte[] levels, QuantParams.PerTensor params) {
        float inverse = 1f / params.scale();
        float zeroPoint = params.zeroPoint();
        int min = params.dtype().min();
        int max = params.dtype().max();
        for (int i = 0; i < x.length; i++) {
            levels[i] = level((float) Math.rint(Math.fma(x[i], inverse, zeroPoint)), min, max);
        }
    }

    /** The real numbers that the levels stand for: (level - zeroPoint) * scale. */
    public static FloatTensor dequantize(QuantizedTensor tensor) {
        float[] x = new float[tensor.levels().length];
        QuantParams params = tensor.params();
        int each = params instanceof QuantParams.PerChannel p ? x.length / p.channels() : Math.max(1, x.length);
        for (int i = 0; i < x.length; i++) {
            int channel = i / each;
            x[i] = (tensor.level(i) - params.zeroPoint(channel)) * params.scale(channel);
        }
        return new FloatTensor(tensor.shape(), x);
    }

    private static void perChannel(FloatTensor tensor, byte[] levels, QuantParams.PerChannel params) {
        if (params.axis() != 0 || tensor.shape().dim(0) != params.channels()) {
            throw new IllegalArgumentException("parameters for " + params.channels() + " channels of axis "
                    + params.axis() + " do not fit " + tensor.shape());
        }
        int each = levels.length / params.channels();
        int min = params.dtype().min();
        int max = params.dtype().max();
        for (int c = 0; c < params.channels(); c++) {
            float inverse = 1f / params.scale(c);
            float zeroPoint = params.zeroPoint(c);
            for (int i = c * each; i < (c + 1) * each; i++) {
                float product = tensor.data()[i] * inverse;
                levels[i] = level((float) Math.rint(product + zeroPoint), min, max);
            }
        }
    }

    private static byte level(float rounded, int min, int max) {
        return rounded >= max ? (byte) max : rounded > min ? (byte) (int) rounded : (byte) min;
    }
}
