package quantscope.compare;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import quantscope.graph.ExtractUpTo;
import quantscope.graph.Graph;
import quantscope.graph.GraphBuilder;
import quantscope.graph.Node;

/**
 * Two networks as one graph, so that one run gives both values of a layer for the same image and nothing has to be
 * kept. Layers that are the same object and read the same values are computed once.
 */
final class SideBySide {

    private static final String OTHER = "converted ";

    private final Graph graph;
    private final Map<String, String> converted;

    private SideBySide(Graph graph, Map<String, String> converted) {
        this.graph = graph;
        this.converted = converted;
    }

    /**
     * Joins what some nodes of both networks need.
     *
     * @param source    the fp32 network
     * @param converted its converted form, with the same input
     * @param inSource  nodes of {@code source} whose values are asked for
     * @param inOther   nodes of {@code converted} whose values are asked for
     */
    static SideBySide of(Graph source, Graph converted, Collection<String> inSource, Collection<String> inOther) {
        GraphBuilder builder = new GraphBuilder(source.name(), converted.profile());
        source.nodes().forEach(node -> builder.add(node, node.inputs()));
        Map<String, String> names = new HashMap<>();
        for (Node node : converted.nodes()) {
            List<String> inputs = node.inputs().stream().map(names::get).toList();
            boolean same = source.find(node.name())
                    .filter(s -> s.op().equals(node.op()) && s.inputs().equals(inputs)).isPresent();
            String name = same ? node.name() : builder.freeName(OTHER + node.name());
            if (!same) {
                builder.add(name, node.op(), inputs, node.origin());
            }
            names.put(node.name(), name);
        }
        List<String> ends = new ArrayList<>(inSource);
        inOther.forEach(node -> ends.add(names.get(node)));
        Graph joined = builder.build(List.of(ends.getFirst()));
        return new SideBySide(ExtractUpTo.run(joined, Set.copyOf(ends)), names);
    }

    Graph graph() {
        return graph;
    }

    /** The name in the joined graph of a node of the converted network; those of the source keep theirs. */
    String converted(String node) {
        return converted.get(node);
    }
}
