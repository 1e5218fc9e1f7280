package quantscope.ptq;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;

/**
 * Finds out in which arithmetic each layer of the source graph runs. A layer that only moves values and has no choice
 * of its own is int8 where all its inputs are int8 and an int8 layer reads it, perhaps through further such layers:
 * so neighbouring int8 layers share one region, also around branches.
 */
final class ResolvePrecisions {

    private final Graph graph;
    private final Specification specification;
    private final FusableLayers fusable;
    private final Set<String> blocked;
    private final Map<String, Precision> precisions = new HashMap<>();
    private final Map<String, String> fusedInto = new LinkedHashMap<>();

    /**
     * @param precisions of every layer
     * @param fusedInto  fused layer -> first of its group, in running order
     */
    record Resolved(Map<String, Precision> precisions, Map<String, String> fusedInto) { }

    private ResolvePrecisions(Graph graph, Specification specification, FusableLayers fusable, Set<String> blocked) {
        this.graph = graph;
        this.specification = specification;
        this.fusable = fusable;
        this.blocked = blocked;
    }

    /** @throws InvalidSpecificationException when a choice names no layer, or a precision that the layer cannot have */
    static Resolved run(Graph graph, Specification specification, FusableLayers fusable, List<Obstacle> obstacles) {
        check(graph, specification);
        Set<String> blocked = obstacles.stream().filter(Obstacle::blocking).map(Obstacle::layer)
                .collect(Collectors.toSet());
        ResolvePrecisions resolve = new ResolvePrecisions(graph, specification, fusable, blocked);
        resolve.chosen();
        resolve.followers();
        return new Resolved(resolve.precisions, resolve.fusedInto);
    }

    private static void check(Graph graph, Specification specification) {
        specification.fixes().forEach(fix -> find(graph, fix.layer()));
        specification.layers().forEach((layer, choice) -> {
            Node node = find(graph, layer);
            if (choice.precision().equals(Optional.of(Precision.BINARY)) && !Int8Support.isWeighted(node)) {
                throw new InvalidSpecificationException(layer,
                        "a " + node.op().kind() + " cannot be binary, only convolutions and linear layers can");
            }
        });
    }

    private static Node find(Graph graph, String layer) {
        return graph.find(layer).orElseThrow(() -> new InvalidSpecificationException(layer,
                "the model has no such layer; its layers are " + graph.layers().stream().map(Node::name)
                        .collect(Collectors.joining(", "))));
    }

    private void chosen() {
        for (Node node : graph.layers()) {
            precisions.putIfAbsent(node.name(), chosen(node));
            if (precisions.get(node.name()) == Precision.INT8 && !fusedInto.containsKey(node.name())
                    && fusable.chosen(node)) {
                for (Node member : fusable.behind(node)) {
                    precisions.put(member.name(), Precision.INT8);
                    fusedInto.put(member.name(), node.name());
                }
            }
        }
    }

    private Precision chosen(Node node) {
        if (Int8Support.isInt8(node)) {
            return Precision.INT8;
        }
        boolean binary = Int8Support.isBinary(node);
        Precision wanted = specification.choice(node.name()).precision()
                .orElse(binary ? Precision.BINARY : Precision.FP32);
        boolean possible = (binary || Int8Support.of(node) != Int8Support.NONE) && !blocked.contains(node.name());
        if (wanted == Precision.INT8 && !possible) {
            return binary ? Precision.BINARY : Precision.FP32;
        }
        return wanted;
    }

    private void followers() {
        Set<String> candidates = new HashSet<>();
        for (Node node : graph.layers()) {
            if (follows(node) && node.inputs().stream()
                    .allMatch(in -> candidates.contains(in) || precisions.get(in) == Precision.INT8)) {
                candidates.add(node.name());
            }
        }
        for (Node node : graph.nodes().reversed()) {
            if (candidates.contains(node.name()) && graph.consumers(node.name()).stream()
                    .anyMatch(reader -> precisions.get(reader) == Precision.INT8)) {
                precisions.put(node.name(), Precision.INT8);
            }
        }
    }

    private boolean follows(Node node) {
        return Int8Support.of(node) == Int8Support.KEEPS_PARAMETERS && !blocked.contains(node.name())
                && !fusedInto.containsKey(node.name()) && specification.choice(node.name()).precision().isEmpty();
    }
}
