package quantscope.format.architecture;

import quantscope.tensor.FloatTensor;

/**
 * What XNOR-Net-PyTorch makes of a layer's weights before it evaluates (ImageNet/networks/util.py there, binarization):
 * subtract the mean over the input channels, clamp to -1..1, and take alpha * sign with alpha, for each output, the mean
 * of the magnitudes. Worked value: [0.5, -0.1, 0.2] of a linear layer has mean 0.2, so [0.3, -0.3, 0] and alpha 0.2,
 * which gives [0.2, -0.2, 0].
 */
final class LatentWeights {

    private LatentWeights() { }

    /**
     * Sums are taken in double and rounded once; PyTorch's fp32 sums, whose order depends on the CPU, differ from them in
     * the last bits.
     *
     * @param latent [O,I,KH,KW] or [O,I]
     * @return the same shape
     */
    static FloatTensor binarize(FloatTensor latent) {
        int outputs = latent.shape().dim(0);
        int inputs = latent.shape().dim(1);
        float[] out = new float[latent.data().length];
        if (out.length == 0) {
            return latent;
        }
        int each = out.length / outputs;
        int taps = each / inputs;
        for (int o = 0; o < outputs; o++) {
            double magnitudes = 0;
            for (int tap = 0; tap < taps; tap++) {
                magnitudes += centre(latent.data(), out, o * each + tap, inputs, taps);
            }
            float alpha = (float) (magnitudes / each);
            for (int i = o * each; i < (o + 1) * each; i++) {
                out[i] = Math.signum(out[i]) * alpha;
            }
        }
        return new FloatTensor(latent.shape(), out);
    }

    /** Centres and clamps one tap over the input channels; gives the sum of the magnitudes. */
    private static double centre(float[] in, float[] out, int from, int inputs, int step) {
        double sum = 0;
        for (int i = 0; i < inputs; i++) {
            sum += in[from + i * step];
        }
        float mean = (float) (sum / inputs);
        double magnitudes = 0;
        for (int i = 0; i < inputs; i++) {
            float centred = Math.clamp(in[from + i * step] - mean, -1f, 1f);
            out[from + i * step] = centred;
            magnitudes += Math.abs(centred);
        }
        return magnitudes;
    }
}
