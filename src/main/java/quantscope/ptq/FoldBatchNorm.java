package quantscope.ptq;

import java.util.Optional;
import quantscope.graph.Op;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * Folds a BatchNorm into the convolution or linear layer before it, in float32 and in the order of
 * torch/nn/utils/fusion.py, so that the folded weight is PyTorch's bit for bit. PyTorch's rsqrt is 1 / sqrt with both
 * steps rounded to float32: for 1.5 it gives 0.81649655, where the correctly rounded value is 0.8164966.
 */
final class FoldBatchNorm {

    private FoldBatchNorm() { }

    /** W * (gamma * rsqrt(var + eps)); ((b - mean) * rsqrt(var + eps)) * gamma + beta. */
    static Op.Conv2d fold(Op.Conv2d conv, Op.BatchNorm2d norm) {
        float[] rsqrt = rsqrt(norm);
        int channels = rsqrt.length;
        float[] scale = new float[channels];
        float[] bias = new float[channels];
        for (int c = 0; c < channels; c++) {
            scale[c] = norm.weight().data()[c] * rsqrt[c];
            bias[c] = (biasOf(conv.bias(), c) - norm.mean().data()[c]) * rsqrt[c] * norm.weight().data()[c]
                    + norm.bias().data()[c];
        }
        return new Op.Conv2d(scaled(conv.weight(), scale), Optional.of(new FloatTensor(Shape.of(channels), bias)),
                conv.geometry());
    }

    /** W * (gamma * rsqrt(var + eps)); (b - mean) * (gamma * rsqrt(var + eps)) + beta. */
    static Op.Linear fold(Op.Linear linear, Op.BatchNorm2d norm) {
        float[] rsqrt = rsqrt(norm);
        int channels = rsqrt.length;
        float[] scale = new float[channels];
        float[] bias = new float[channels];
        for (int c = 0; c < channels; c++) {
            scale[c] = norm.weight().data()[c] * rsqrt[c];
            bias[c] = (biasOf(linear.bias(), c) - norm.mean().data()[c]) * scale[c] + norm.bias().data()[c];
        }
        return new Op.Linear(scaled(linear.weight(), scale), Optional.of(new FloatTensor(Shape.of(channels), bias)));
    }

    private static float[] rsqrt(Op.BatchNorm2d norm) {
        float[] variance = norm.variance().data();
        float[] result = new float[variance.length];
        for (int c = 0; c < result.length; c++) {
            result[c] = 1f / (float) Math.sqrt(variance[c] + norm.eps());
        }
        return result;
    }

    private static float biasOf(Optional<FloatTensor> bias, int channel) {
        return bias.isPresent() ? bias.get().data()[channel] : 0f;
    }

    private static FloatTensor scaled(FloatTensor weight, float[] scale) {
        float[] from = weight.data();
        float[] to = new float[from.length];
        int row = from.length / scale.length;
        for (int c = 0; c < scale.length; c++) {
            for (int i = c * row; i < (c + 1) * row; i++) {
                to[i] = from[i] * scale[c];
            }
        }
        return new FloatTensor(weight.shape(), to);
    }
}
