package quantscope.ptq;

import java.util.Optional;
import quantscope.graph.Op;
import quantscope.graph.SignOfZero;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * Makes an fp32 layer binary as XNOR-Net does: inputs become sign(x), with sign(0) = 0 as in PyTorch; weights become
 * alpha * sign(W) with alpha = mean |W| of each output channel (summed in float64) and sign(0) = +1.
 */
final class Binarize {

    private Binarize() { }

    static Op.BinaryConv2d binarize(Op.Conv2d conv) {
        FloatTensor alpha = alpha(conv.weight());
        return new Op.BinaryConv2d(signs(conv.weight(), alpha), alpha, conv.bias(), conv.geometry(), SignOfZero.ZERO);
    }

    static Op.BinaryLinear binarize(Op.Linear linear) {
        FloatTensor alpha = alpha(linear.weight());
        return new Op.BinaryLinear(signs(linear.weight(), alpha), alpha, linear.bias(), SignOfZero.ZERO);
    }

    /** The fp32 layer behind the sign, with the same +-alpha as weights. */
    static Op.Conv2d withoutSign(Op.BinaryConv2d conv) {
        return new Op.Conv2d(conv.weight(), conv.bias(), conv.geometry());
    }

    /** The fp32 layer behind the sign, with the same +-alpha as weights. */
    static Op.Linear withoutSign(Op.BinaryLinear linear) {
        return new Op.Linear(linear.weight(), linear.bias());
    }

    /** What the sign in front makes of exactly 0. */
    static Optional<SignOfZero> sign(Op op) {
        return switch (op) {
            case Op.BinaryConv2d c -> Optional.of(c.signOfZero());
            case Op.BinaryLinear l -> Optional.of(l.signOfZero());
            default -> Optional.empty();
        };
    }

    private static FloatTensor alpha(FloatTensor weight) {
        int channels = weight.shape().dim(0);
        int row = weight.data().length / channels;
        float[] alpha = new float[channels];
        for (int c = 0; c < channels; c++) {
            double sum = 0;
            for (int i = c * row; i < (c + 1) * row; i++) {
                sum += Math.abs(weight.data()[i]);
            }
            alpha[c] = (float) (sum / row);
        }
        return new FloatTensor(Shape.of(channels), alpha);
    }

    private static FloatTensor signs(FloatTensor weight, FloatTensor alpha) {
        float[] from = weight.data();
        float[] to = new float[from.length];
        int row = from.length / alpha.data().length;
        for (int i = 0; i < from.length; i++) {
            float a = alpha.data()[i / row];
            to[i] = from[i] < 0 ? -a : a;
        }
        return new FloatTensor(weight.shape(), to);
    }
}
