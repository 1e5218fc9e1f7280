package quantscope.graph;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Cuts out the part of a graph that some nodes need, so that nothing behind them is computed. */
public final class ExtractUpTo {

    private ExtractUpTo() { }

    /**
     * The graph's inputs, the named nodes and all they read, directly or not; the named nodes become the outputs, in
     * the graph's order.
     *
     * @throws IllegalArgumentException when a node is not in the graph, or none is named
     */
    public static Graph run(Graph graph, Collection<String> ends) {
        if (ends.isEmpty()) {
            throw new IllegalArgumentException("no end was named");
        }
        Set<String> needed = new HashSet<>();
        ends.forEach(end -> needed.add(graph.node(end).name()));
        for (Node node : graph.nodes().reversed()) {
            if (needed.contains(node.name())) {
                needed.addAll(node.inputs());
            }
        }
        GraphBuilder builder = new GraphBuilder(graph.name(), graph.profile());
        for (Node node : graph.nodes()) {
            if (needed.contains(node.name()) || node.op() instanceof Op.Input) {
                builder.add(node, node.inputs());
            }
        }
        List<String> outputs = graph.nodes().stream().map(Node::name).filter(Set.copyOf(ends)::contains).toList();
        return builder.build(outputs);
    }
}
