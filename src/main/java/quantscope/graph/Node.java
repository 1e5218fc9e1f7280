package quantscope.graph;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import quantscope.tensor.Shape;

/**
 * One layer of a graph, with the value it makes. An edge is named by the node it comes from.
 *
 * @param name   unique in the graph, what the user reads and types: the module path where the file has one
 * @param op     what it does, with its parameters
 * @param inputs names of the nodes it reads, in the operator's order
 * @param shape  of its value; empty behind an unsupported operator
 * @param type   of its value
 * @param origin what the file says about it
 */
public record Node(String name, Op op, List<String> inputs, Optional<Shape> shape, ValueType type, Origin origin) {

    public Node {
        Objects.requireNonNull(name);
        Objects.requireNonNull(op);
        inputs = List.copyOf(inputs);
        Objects.requireNonNull(shape);
        Objects.requireNonNull(type);
        Objects.requireNonNull(origin);
    }

    /** @throws IllegalStateException behind an unsupported operator */
    public Shape requireShape() {
        return shape.orElseThrow(() -> new IllegalStateException(name + " has no known shape"));
    }

    /** The only input. */
    public String input() {
        if (inputs.size() != 1) {
            throw new IllegalStateException(name + " has " + inputs.size() + " inputs, expected 1");
        }
        return inputs.getFirst();
    }
}
