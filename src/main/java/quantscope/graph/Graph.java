package quantscope.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.quant.Profile;

/**
 * An immutable, acyclic graph of layers in an order in which they can run. Made by {@link GraphBuilder}, which
 * infers shapes and types and refuses what does not fit.
 */
public final class Graph {

    private final String name;
    private final Profile profile;
    private final Map<String, Node> nodes;
    private final List<String> outputs;
    private final Map<String, List<String>> consumers;

    Graph(String name, Profile profile, Map<String, Node> nodes, List<String> outputs) {
        this.name = name;
        this.profile = profile;
        this.nodes = new LinkedHashMap<>(nodes);
        this.outputs = List.copyOf(outputs);
        this.consumers = new HashMap<>();
        for (Node node : nodes.values()) {
            for (String input : node.inputs()) {
                List<String> list = consumers.computeIfAbsent(input, k -> new ArrayList<>());
                if (list.isEmpty() || !list.getLast().equals(node.name())) {
                    list.add(node.name());
                }
            }
        }
    }

    public String name() {
        return name;
    }

    /** Whose arithmetic its int8 operators follow; of no consequence where there are none. */
    public Profile profile() {
        return profile;
    }

    /** All nodes, each behind those that it reads. */
    public List<Node> nodes() {
        return List.copyOf(nodes.values());
    }

    /** The nodes a user thinks of as layers: all but inputs and constants. */
    public List<Node> layers() {
        return nodes.values().stream()
                .filter(n -> !(n.op() instanceof Op.Input) && !(n.op() instanceof Op.Constant)).toList();
    }

    public List<Node> inputs() {
        return nodes.values().stream().filter(n -> n.op() instanceof Op.Input).toList();
    }

    /** Names of the nodes whose values are the network's answers; the first are the logits or probabilities. */
    public List<String> outputs() {
        return outputs;
    }

    public Optional<Node> find(String node) {
        return Optional.ofNullable(nodes.get(node));
    }

    /** @throws IllegalArgumentException when there is no node of that name */
    public Node node(String node) {
        return find(node).orElseThrow(() -> new IllegalArgumentException("no layer named " + node + " in " + name));
    }

    /** Names of the nodes that read a node's value, in running order, each once. */
    public List<String> consumers(String node) {
        return List.copyOf(consumers.getOrDefault(node, List.of()));
    }

    /** Nodes that the program cannot run; empty for a graph that runs. */
    public List<Node> unsupported() {
        return nodes.values().stream().filter(n -> n.op() instanceof Op.Unsupported).toList();
    }
}
