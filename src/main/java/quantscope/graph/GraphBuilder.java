package quantscope.graph;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.quant.Profile;
import quantscope.tensor.Shape;

/** Puts a graph together node by node, each behind its inputs, and infers shapes and types on the way. */
public final class GraphBuilder {

    private final String name;
    private final Profile profile;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Integer> tried = new HashMap<>();

    /** @param name of the graph, for messages and titles */
    public GraphBuilder(String name) {
        this(name, Profile.FBGEMM);
    }

    /** @param profile whose arithmetic the int8 operators follow */
    public GraphBuilder(String name, Profile profile) {
        this.name = name;
        this.profile = profile;
    }

    /**
     * Adds a node.
     *
     * @return the node, with shape and type
     * @throws InvalidGraphException when the name is taken, an input is missing or shapes or types do not fit
     */
    public Node add(String nodeName, Op op, List<String> inputs, Origin origin) {
        if (nodes.containsKey(nodeName)) {
            throw new InvalidGraphException(nodeName, "the name is used twice");
        }
        List<Node> sources = inputs.stream().map(input -> {
            Node source = nodes.get(input);
            if (source == null) {
                throw new InvalidGraphException(nodeName, "reads " + input + ", which is not defined before it");
            }
            return source;
        }).toList();
        Node node = new Node(nodeName, op, inputs, ShapeInference.shape(nodeName, op, sources),
                TypeInference.type(nodeName, op, sources), origin);
        nodes.put(nodeName, node);
        return node;
    }

    /** Adds a copy of a node of another graph with other inputs. */
    public Node add(Node node, List<String> inputs) {
        return add(node.name(), node.op(), inputs, node.origin());
    }

    public boolean contains(String nodeName) {
        return nodes.containsKey(nodeName);
    }

    /**
     * The shape of a node added before; empty behind an unsupported operator.
     *
     * @throws IllegalArgumentException when there is no node of that name
     */
    public Optional<Shape> shape(String nodeName) {
        return node(nodeName).shape();
    }

    /**
     * The type of a node added before.
     *
     * @throws IllegalArgumentException when there is no node of that name
     */
    public ValueType type(String nodeName) {
        return node(nodeName).type();
    }

    private Node node(String nodeName) {
        Node node = nodes.get(nodeName);
        if (node == null) {
            throw new IllegalArgumentException("no layer named " + nodeName + " in " + name);
        }
        return node;
    }

    /** A name that is not taken: the wanted one, or that with _1, _2, ... */
    public String freeName(String wanted) {
        if (!nodes.containsKey(wanted)) {
            return wanted;
        }
        // Nodes stay, so a number that was taken is taken for good: a file with one name for all must not cost their square.
        int number = tried.getOrDefault(wanted, 1);
        while (nodes.containsKey(wanted + "_" + number)) {
            number++;
        }
        tried.put(wanted, number);
        return wanted + "_" + number;
    }

    /** @throws InvalidGraphException when there are no outputs or one is not defined */
    public Graph build(List<String> outputs) {
        if (outputs.isEmpty()) {
            throw new InvalidGraphException(name, "the graph has no output");
        }
        for (String output : outputs) {
            if (!nodes.containsKey(output)) {
                throw new InvalidGraphException(output, "is an output of the graph but no node makes it");
            }
        }
        return new Graph(name, profile, nodes, outputs);
    }
}
