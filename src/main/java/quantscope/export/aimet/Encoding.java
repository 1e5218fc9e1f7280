package quantscope.export.aimet;

import quantscope.quant.ObserverSpec;
import quantscope.quant.QuantParams;

/**
 * A quantization as AIMET says it: levels are 0 .. 2^bitwidth - 1, real = (level + offset) * scale, so offset is minus the
 * unsigned zero point, and the range is scale * offset .. scale * (offset + 2^bitwidth - 1). One scale and offset for
 * the tensor, or one for each output channel.
 *
 * @param bitwidth  8, or 7 for weights of reduced range, whose levels are never others
 * @param symmetric whether the scheme has no zero point to choose
 */
record Encoding(int bitwidth, boolean symmetric, float[] scales, int[] offsets) {

    Encoding {
        scales = scales.clone();
        offsets = offsets.clone();
    }

    @Override
    public float[] scales() {
        return scales.clone();
    }

    @Override
    public int[] offsets() {
        return offsets.clone();
    }

    /** Of an activation: PyTorch's kernels use all levels of quint8, whatever range was planned. */
    static Encoding ofActivation(QuantParams.PerTensor params, ObserverSpec spec) {
        return of(params, spec.scheme().symmetric(), params.dtype().min(), params.dtype().max());
    }

    /** Of a weight: its levels are clamped to those that were planned. */
    static Encoding ofWeight(QuantParams params, ObserverSpec spec) {
        return of(params, spec.scheme().symmetric(), spec.dtype().quantMin(spec.reduceRange()),
                spec.dtype().quantMax(spec.reduceRange()));
    }

    private static Encoding of(QuantParams params, boolean symmetric, int quantMin, int quantMax) {
        int channels = switch (params) {
            case QuantParams.PerTensor _ -> 1;
            case QuantParams.PerChannel p -> p.channels();
        };
        float[] scales = new float[channels];
        int[] offsets = new int[channels];
        for (int c = 0; c < channels; c++) {
            scales[c] = params.scale(c);
            offsets[c] = quantMin - params.zeroPoint(c);
        }
        return new Encoding(Integer.SIZE - Integer.numberOfLeadingZeros(quantMax - quantMin), symmetric, scales, offsets);
    }

    int channels() {
        return scales.length;
    }

    /** The real value of level 0. */
    double min(int channel) {
        return (double) scales[channel] * offsets[channel];
    }

    /** The real value of the highest level. */
    double max(int channel) {
        return (double) scales[channel] * (offsets[channel] + (1 << bitwidth) - 1);
    }
}
