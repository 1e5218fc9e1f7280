package quantscope.quant;

/**
 * From a range to scale and zero point: {@code _calculate_qparams} of torch.ao.quantization.observer. All arithmetic
 * is float32, rint rounds half to even.
 *
 * <p>Zero is made part of the range. Affine: s = max((max - min) / (qmax - qmin), eps),
 * z = clamp(qmin - rint(min / s), qmin, qmax). Symmetric: s = max(max(-min, max) / ((qmax - qmin) / 2), eps), so
 * absmax / 127.5 for qint8; z = 0 for qint8, 128 for quint8. eps = 2^-23.
 */
final class QParams {

    private static final float EPS = 0x1p-23f;

    private QParams() { }

    static QuantParams of(ObserverSpec spec, ObservedRange range) {
        float[] scales = new float[range.channels()];
        int[] zeroPoints = new int[range.channels()];
        for (int c = 0; c < scales.length; c++) {
            float min = Math.min(range.min(c), 0);
            float max = Math.max(range.max(c), 0);
            scales[c] = scale(spec, min, max);
            zeroPoints[c] = zeroPoint(spec, min, scales[c]);
        }
        return spec.scheme().perChannel() ? new QuantParams.PerChannel(spec.dtype(), scales, zeroPoints, 0)
                : new QuantParams.PerTensor(spec.dtype(), scales[0], zeroPoints[0]);
    }

    /** What PyTorch gives, with a warning, where nothing was observed. */
    static QuantParams unobserved(ObserverSpec spec) {
        return spec.scheme().perChannel()
                ? new QuantParams.PerChannel(spec.dtype(), new float[] {1}, new int[] {0}, 0)
                : new QuantParams.PerTensor(spec.dtype(), 1, 0);
    }

    private static float scale(ObserverSpec spec, float min, float max) {
        float steps = quantMax(spec) - quantMin(spec);
        float scale = spec.scheme().symmetric() ? Math.max(-min, max) / (steps / 2) : (max - min) / steps;
        return Math.max(scale, EPS);
    }

    private static int zeroPoint(ObserverSpec spec, float min, float scale) {
        if (spec.scheme().symmetric()) {
            return spec.dtype() == QuantDtype.QINT8 ? 0 : 128;
        }
        int zeroPoint = quantMin(spec) - (int) Math.rint(min / scale);
        return Math.clamp(zeroPoint, quantMin(spec), quantMax(spec));
    }

    private static int quantMin(ObserverSpec spec) {
        return spec.dtype().quantMin(spec.reduceRange());
    }

    private static int quantMax(ObserverSpec spec) {
        return spec.dtype().quantMax(spec.reduceRange());
    }
}
