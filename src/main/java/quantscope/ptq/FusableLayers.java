package quantscope.ptq;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;

/**
 * What torch.ao.quantization.fuse_modules (and FloatFunctional.add_relu) can make one layer of: Conv2d + BatchNorm2d,
 * Conv2d + BatchNorm2d + ReLU, Conv2d + ReLU, Linear + BatchNorm1d, Linear + ReLU, BatchNorm2d + ReLU, add + ReLU;
 * see torch/ao/quantization/fuser_method_mappings.py. Each layer must be the sole reader of the one before it and a
 * module used once; an in-place ReLU may be fused.
 */
final class FusableLayers {

    private final Graph graph;
    private final Specification specification;
    private final SharedModules shared;

    FusableLayers(Graph graph, Specification specification, SharedModules shared) {
        this.graph = graph;
        this.specification = specification;
        this.shared = shared;
    }

    /** The layers that can be fused into a layer, in order; empty where none can. */
    List<Node> behind(Node first) {
        if (!available(first) || specification.choice(first.name()).precision().equals(Optional.of(Precision.BINARY))) {
            return List.of();
        }
        List<Node> group = new ArrayList<>();
        switch (first.op()) {
            case Op.Conv2d c -> {
                next(first, Op.BatchNorm2d.class).ifPresent(group::add);
                next(group.isEmpty() ? first : group.getLast(), Op.Relu.class).ifPresent(group::add);
            }
            case Op.Linear l -> {
                next(first, Op.BatchNorm2d.class).ifPresent(group::add);
                if (group.isEmpty()) {
                    next(first, Op.Relu.class).ifPresent(group::add);
                }
            }
            case Op.BatchNorm2d b when Int8Support.isImage(first) && !behind(graph.node(first.input())).contains(first) ->
                    next(first, Op.Relu.class).ifPresent(group::add);
            case Op.Add a -> next(first, Op.Relu.class).ifPresent(group::add);
            default -> { }
        }
        return group;
    }

    /** Whether the fuse was asked for on a layer and there is something to fuse. */
    boolean chosen(Node first) {
        return specification.fixes().contains(new Fix(FixKind.FUSE, first.name())) && !behind(first).isEmpty();
    }

    private Optional<Node> next(Node node, Class<? extends Op> op) {
        List<String> consumers = graph.consumers(node.name());
        if (consumers.size() != 1 || graph.outputs().contains(node.name())) {
            return Optional.empty();
        }
        return Optional.of(graph.node(consumers.getFirst())).filter(n -> op.isInstance(n.op())).filter(this::available);
    }

    /** A module used once, or mended to be one. */
    private boolean available(Node node) {
        if (!shared.sharing(node.name(), specification).isEmpty()) {
            return false;
        }
        return switch (node.op()) {
            case Op.Add a -> !Quantizability.functionalArithmetic(node)
                    || specification.fixes().contains(new Fix(FixKind.USE_FLOAT_FUNCTIONAL, node.name()));
            default -> !node.origin().functional()
                    || specification.fixes().contains(new Fix(FixKind.MAKE_MODULE, node.name()));
        };
    }
}
