package quantscope.ptq;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.graph.Graph;
import quantscope.graph.ModuleUse;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.tensor.FloatTensor;

/** Layers that are calls of one and the same PyTorch module, known by its path or by its weight. */
final class SharedModules {

    private final Map<String, List<String>> groups = new HashMap<>();

    SharedModules(Graph graph) {
        Map<String, List<Node>> byPath = new HashMap<>();
        Map<float[], List<Node>> byWeight = new IdentityHashMap<>();
        for (Node node : graph.layers()) {
            node.origin().module().filter(m -> !node.origin().functional()).ifPresent(
                    m -> byPath.computeIfAbsent(m.path(), k -> new ArrayList<>()).add(node));
            weight(node.op()).ifPresent(
                    w -> byWeight.computeIfAbsent(w.data(), k -> new ArrayList<>()).add(node));
        }
        byWeight.values().stream().filter(nodes -> nodes.size() > 1).forEach(this::share);
        byPath.values().stream().filter(SharedModules::calledAgain).forEach(this::share);
    }

    private static boolean calledAgain(List<Node> nodes) {
        return nodes.stream().flatMap(n -> n.origin().module().stream()).mapToInt(ModuleUse::use).max().orElse(0) > 0;
    }

    private void share(List<Node> nodes) {
        List<String> names = nodes.stream().map(Node::name).toList();
        names.forEach(name -> groups.put(name, names));
    }

    private static Optional<FloatTensor> weight(Op op) {
        return switch (op) {
            case Op.Conv2d c -> Optional.of(c.weight());
            case Op.Linear l -> Optional.of(l.weight());
            case Op.BatchNorm2d b -> Optional.of(b.mean());
            default -> Optional.empty();
        };
    }

    /** All layers that share their module with a layer and that no fix has made unique; empty where it is alone. */
    List<String> sharing(String layer, Specification specification) {
        List<String> still = groups.getOrDefault(layer, List.of()).stream()
                .filter(l -> !specification.fixes().contains(new Fix(FixKind.MAKE_UNIQUE, l))).toList();
        // The one call that is left keeps the module for itself.
        return still.size() > 1 && still.contains(layer) ? still : List.of();
    }
}
