package quantscope.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;

/**
 * Nodes' times as layers' times. Engines fuse different things into a convolution, so that a layer is for all of them the
 * convolution or linear layer with the ReLU and the addition behind it, whether or not it is fused. What this engine fuses
 * besides, batch norms and signs around a binary layer, is timed with the layer.
 */
final class Layers {

    private Layers() { }

    /**
     * The sums, by the names of the layers with weights; what belongs to none is left out.
     *
     * @param original the graph's name of a timed node
     */
    static Map<String, Double> sums(Graph graph, Map<String, Double> millis, UnaryOperator<String> original) {
        Map<String, Double> sums = new LinkedHashMap<>();
        millis.forEach((name, ms) -> graph.find(original.apply(name)).flatMap(n -> owner(graph, n))
                .ifPresent(layer -> sums.merge(layer, ms, Double::sum)));
        return sums;
    }

    /** An addition belongs to its first input, the block's last convolution. */
    static Optional<String> owner(Graph graph, Node node) {
        return switch (node.op()) {
            case Op.Conv2d _, Op.Linear _, Op.QuantizedConv2d _, Op.QuantizedLinear _, Op.BinaryConv2d _,
                 Op.BinaryLinear _ -> Optional.of(node.name());
            case Op.Relu _, Op.Add _, Op.QuantizedAdd _ -> owner(graph, graph.node(node.inputs().getFirst()));
            default -> Optional.empty();
        };
    }
}
