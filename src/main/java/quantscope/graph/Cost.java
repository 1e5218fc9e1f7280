package quantscope.graph;

import java.util.Optional;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * What a layer holds and does for one image.
 *
 * @param parameters numbers in weights, biases and statistics
 * @param macs       multiply-accumulates; 0 for layers without weights
 */
public record Cost(long parameters, long macs) {

    public static Cost of(Node node) {
        return switch (node.op()) {
            case Op.Conv2d c -> weighted(node, c.weight().shape(), c.bias());
            case Op.BinaryConv2d c -> weighted(node, c.weight().shape(), c.bias());
            case Op.QuantizedConv2d c -> weighted(node, c.weight().shape(), c.bias());
            case Op.Linear l -> weighted(node, l.weight().shape(), l.bias());
            case Op.BinaryLinear l -> weighted(node, l.weight().shape(), l.bias());
            case Op.QuantizedLinear l -> weighted(node, l.weight().shape(), l.bias());
            case Op.BatchNorm2d b -> new Cost(4 * b.weight().shape().elements(), 0);
            case Op.QuantizedBatchNorm2d b -> new Cost(4 * b.weight().shape().elements(), 0);
            case Op.ConvTranspose2d c -> new Cost(c.weight().shape().elements()
                    + c.bias().map(b -> b.shape().elements()).orElse(0L), transposed(node, c));
            case Op.GroupNorm g -> new Cost(2 * g.weight().shape().elements(), 0);
            case Op.LayerNorm l -> new Cost((l.center() ? 2 : 1) * l.weight().shape().elements(), 0);
            case Op.Constant c -> new Cost(c.value().shape().elements(), 0);
            default -> new Cost(0, 0);
        };
    }

    private static Cost weighted(Node node, Shape weight, Optional<FloatTensor> bias) {
        long parameters = weight.elements() + bias.map(b -> b.shape().elements()).orElse(0L);
        long positions = node.shape().map(s -> s.elements() / weight.dim(0)).orElse(0L);
        return new Cost(parameters, positions * weight.elements());
    }

    /** Each input element meets the whole kernel; what falls outside of the output counts, too. */
    private static long transposed(Node node, Op.ConvTranspose2d c) {
        ConvGeometry g = c.geometry();
        long rows = node.shape().map(s -> (s.dim(2) + g.padTop() + g.padBottom() - c.outputPadH() - 1L
                - (long) g.dilationH() * (c.weight().shape().dim(2) - 1)) / g.strideH() + 1).orElse(0L);
        long columns = node.shape().map(s -> (s.dim(3) + g.padLeft() + g.padRight() - c.outputPadW() - 1L
                - (long) g.dilationW() * (c.weight().shape().dim(3) - 1)) / g.strideW() + 1).orElse(0L);
        return rows * columns * c.weight().shape().elements();
    }
}
