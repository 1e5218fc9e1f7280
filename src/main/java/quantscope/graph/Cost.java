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
            case Op.Constant c -> new Cost(c.value().shape().elements(), 0);
            default -> new Cost(0, 0);
        };
    }

    private static Cost weighted(Node node, Shape weight, Optional<FloatTensor> bias) {
        long parameters = weight.elements() + bias.map(b -> b.shape().elements()).orElse(0L);
        long positions = node.shape().map(s -> s.elements() / weight.dim(0)).orElse(0L);
        return new Cost(parameters, positions * weight.elements());
    }
}
