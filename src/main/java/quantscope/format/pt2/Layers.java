package quantscope.format.pt2;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Known;
import quantscope.graph.Graph;
import quantscope.graph.GraphBuilder;
import quantscope.graph.InvalidGraphException;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.Origin;

/** The nodes of the graph under construction, named after the operation that they belong to. */
final class Layers {

    private final Path file;
    private final GraphBuilder builder;
    private final Map<String, Node> nodes = new HashMap<>();
    private String name = "";
    private Origin origin = Origin.of("", "");

    Layers(Path file, String graph) {
        this.file = file;
        this.builder = new GraphBuilder(graph);
    }

    /** What follows belongs to this operation. */
    void begin(String wanted, Origin from) {
        name = wanted;
        origin = from;
    }

    /** Of the present operation. */
    Origin origin() {
        return origin;
    }

    /** A node added before. */
    Node node(String of) {
        return nodes.get(of);
    }

    Node input(String wanted, Op.Input input) throws ModelFormatException {
        begin(builder.freeName(wanted), Origin.of(wanted, "input"));
        return add(name, input, List.of());
    }

    /** Adds a layer with the operation's name, and what follows it as parts of the operation. */
    Node add(Lowered.Layer layer) throws ModelFormatException {
        Node node = add(builder.freeName(name), layer.op(), layer.inputs());
        String whole = node.name();
        for (Op then : layer.then()) {
            node = add(part(whole, then), then, List.of(node.name()));
        }
        return node;
    }

    /** Adds an operator that comes before the layer; gives its node's name. */
    String step(Op op, List<String> inputs) throws ModelFormatException {
        return add(part(name, op), op, inputs).name();
    }

    String constant(Known value) {
        String free = builder.freeName("constant");
        nodes.put(free, builder.add(free, new Op.Constant(value.floats()), List.of(), Origin.of(free, "constant")));
        return free;
    }

    Graph build(List<String> outputs) throws ModelFormatException {
        try {
            return builder.build(outputs);
        } catch (InvalidGraphException e) {
            throw new ModelFormatException(file, "", e.getMessage(), e);
        }
    }

    private String part(String whole, Op op) {
        return builder.freeName(whole + "." + op.kind().toLowerCase(Locale.ROOT));
    }

    private Node add(String free, Op op, List<String> inputs) throws ModelFormatException {
        try {
            Node node = builder.add(free, op, inputs, origin);
            nodes.put(free, node);
            return node;
        } catch (InvalidGraphException | ArithmeticException e) {
            throw new ModelFormatException(file, origin.nodeName() + " (" + origin.operator() + ")",
                    e.getMessage() + "; export the model again", e);
        }
    }
}
