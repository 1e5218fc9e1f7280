package quantscope.graph;

import java.util.Optional;
import quantscope.tensor.FloatTensor;

/**
 * Weights that are +-alpha per output channel.
 *
 * @param weight [O,...], exactly +alpha[o] or -alpha[o]
 * @param alpha  [O], not negative
 * @param bias   [O]
 */
record BinaryWeights(FloatTensor weight, FloatTensor alpha, Optional<FloatTensor> bias) {

    /** Largest relative distance of a weight's magnitude from its channel's alpha. */
    private static final double TOLERANCE = 1e-6;

    /** Empty where a weight is zero or off its channel's magnitude by more than 1e-6 of it. */
    static Optional<BinaryWeights> of(FloatTensor weight) {
        int channels = weight.shape().dim(0);
        float[] in = weight.data();
        if (channels == 0 || in.length == 0) {
            return Optional.empty();
        }
        int perChannel = in.length / channels;
        float[] alpha = new float[channels];
        boolean exactly = true;
        for (int o = 0; o < channels; o++) {
            // A cheap look at the first weight spares a whole pass over ordinary layers.
            double first = Math.abs(in[o * perChannel]);
            double sum = 0;
            for (int i = o * perChannel; i < (o + 1) * perChannel; i++) {
                double magnitude = Math.abs(in[i]);
                if (!(magnitude > 0) || Math.abs(magnitude - first) > 2 * TOLERANCE * first) {
                    return Optional.empty();
                }
                sum += magnitude;
            }
            alpha[o] = (float) (sum / perChannel);
            for (int i = o * perChannel; i < (o + 1) * perChannel; i++) {
                if (Math.abs(Math.abs((double) in[i]) - alpha[o]) > TOLERANCE * alpha[o]) {
                    return Optional.empty();
                }
                exactly &= Math.abs(in[i]) == alpha[o];
            }
        }
        // Weights may be hundreds of megabytes: what is exact already is not copied.
        return Optional.of(new BinaryWeights(exactly ? weight : exact(weight, alpha), FloatTensor.vector(alpha),
                Optional.empty()));
    }

    private static FloatTensor exact(FloatTensor weight, float[] alpha) {
        float[] out = weight.data().clone();
        int perChannel = out.length / alpha.length;
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.copySign(alpha[i / perChannel], out[i]);
        }
        return new FloatTensor(weight.shape(), out);
    }

    /** With the layer's bias, and everything multiplied by a factor per channel; a negative factor flips signs. */
    BinaryWeights scaled(Optional<FloatTensor> ownBias, Optional<ChannelScale> scale) {
        if (scale.isEmpty()) {
            return new BinaryWeights(weight, alpha, ownBias);
        }
        float[] factors = scale.get().factors();
        float[] newAlpha = new float[factors.length];
        float[] newWeight = new float[weight.data().length];
        int perChannel = newWeight.length / factors.length;
        for (int o = 0; o < factors.length; o++) {
            newAlpha[o] = alpha.data()[o] * Math.abs(factors[o]);
            float sign = Math.signum(factors[o]);
            for (int i = o * perChannel; i < (o + 1) * perChannel; i++) {
                newWeight[i] = Math.copySign(newAlpha[o], weight.data()[i] * sign);
            }
        }
        Optional<FloatTensor> newBias = ownBias.map(b -> {
            float[] data = b.data().clone();
            for (int o = 0; o < data.length; o++) {
                data[o] *= factors[o];
            }
            return new FloatTensor(b.shape(), data);
        });
        return new BinaryWeights(new FloatTensor(weight.shape(), newWeight), FloatTensor.vector(newAlpha), newBias);
    }
}
