package quantscope.format.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import quantscope.format.onnx.OnnxFile.NodePart;
import quantscope.graph.ModuleUse;
import quantscope.graph.Origin;
import quantscope.graph.SourceLine;

/**
 * Names that a user knows: the path of the layer's module, found by the name of its weights, by the exporter's
 * metadata or by the node's own name, in this order. An operation called in a module's forward is named after both:
 * {@code layer1.add}.
 */
final class NodeNames {

    private static final String WEIGHT = ".weight";

    private final Map<Integer, String> names = new HashMap<>();
    private final Map<Integer, Origin> origins = new HashMap<>();
    private final Map<String, Integer> nodesInModule = new HashMap<>();
    private final Map<String, Integer> weightUses = new HashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();

    /**
     * @param nodes      in running order
     * @param aside      indices of nodes that are not counted as operations of their module
     * @param parameters gives the parameter that a value was made of, or an empty text
     */
    NodeNames(List<NodePart> nodes, Set<Integer> aside, UnaryOperator<String> parameters) {
        Map<Integer, Optional<ModulePlace>> places = new HashMap<>();
        Map<String, String> products = new HashMap<>();
        for (NodePart node : nodes) {
            Optional<ModulePlace> place = ModulePlace.of(node);
            places.put(node.index(), place);
            weightedPath(node, parameters).ifPresent(w -> weightUses.merge(w, 1, Integer::sum));
            if (node.operator().equals("MatMul")) {
                place.ifPresent(p -> node.outputs().forEach(o -> products.put(o, p.path())));
            }
            place.filter(p -> !aside.contains(node.index()) && !addsBias(node, p.path(), products))
                    .ifPresent(p -> countIn(p.path()));
        }
        for (NodePart node : nodes) {
            Optional<ModulePlace> place = places.get(node.index());
            names.put(node.index(), name(node, place, parameters));
            origins.put(node.index(), origin(node, place));
        }
    }

    /** Wanted for the node; not yet unique. */
    String name(NodePart node) {
        return names.get(node.index());
    }

    Origin origin(NodePart node) {
        return origins.get(node.index());
    }

    /** MatMul and the Add behind it in the same module are one linear layer. */
    private static boolean addsBias(NodePart node, String path, Map<String, String> products) {
        return node.operator().equals("Add") && node.inputs().stream().anyMatch(i -> path.equals(products.get(i)));
    }

    /** Counts a node in its module and, as part of them, in the modules around that. */
    private void countIn(String path) {
        for (String p = path; !p.isEmpty(); p = p.contains(".") ? p.substring(0, p.lastIndexOf('.')) : "") {
            nodesInModule.merge(p, 1, Integer::sum);
        }
    }

    private String name(NodePart node, Optional<ModulePlace> place, UnaryOperator<String> parameters) {
        Optional<String> weighted = weightedPath(node, parameters)
                .filter(w -> weightUses.get(w) == 1 || place.map(p -> p.path().isEmpty()).orElse(true));
        if (weighted.isPresent()) {
            return weighted.get();
        }
        if (place.isEmpty()) {
            return plainName(node);
        }
        String path = place.get().path();
        if (!path.isEmpty() && (place.get().isLibraryModule() || nodesInModule.getOrDefault(path, 0) == 1)) {
            return path;
        }
        String operation = operation(node);
        return path.isEmpty() ? operation : path + "." + operation;
    }

    /** The module that owns the weights. Exporters let modules with equal weights share one of their names. */
    private static Optional<String> weightedPath(NodePart node, UnaryOperator<String> parameters) {
        String parameter = node.inputs().size() > 1 ? parameters.apply(node.inputs().get(1)) : "";
        return parameter.endsWith(WEIGHT) && parameter.length() > WEIGHT.length()
                ? Optional.of(parameter.substring(0, parameter.length() - WEIGHT.length())) : Optional.empty();
    }

    private static String plainName(NodePart node) {
        String name = !node.name().isEmpty() ? node.name()
                : node.outputs().isEmpty() ? "" : node.outputs().getFirst();
        String plain = name.startsWith("node_") ? name.substring("node_".length()) : name;
        return plain.isBlank() ? operation(node) : plain;
    }

    private static String operation(NodePart node) {
        return node.operator().equals("Concat") ? "cat" : node.operator().toLowerCase(Locale.ROOT);
    }

    private Origin origin(NodePart node, Optional<ModulePlace> place) {
        Optional<SourceLine> source = place.flatMap(ModulePlace::source);
        Optional<ModuleUse> module = place.flatMap(p -> p.className().map(c -> new ModuleUse(p.path(), c,
                p.isLibraryModule() ? uses.merge(p.path() + "\n" + node.operator(), 1, Integer::sum) - 1 : 0)));
        boolean functional = module.isPresent() && !place.orElseThrow().isLibraryModule();
        return new Origin(node.name(), node.operator(), module, functional, false, source);
    }
}
