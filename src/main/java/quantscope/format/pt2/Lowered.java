package quantscope.format.pt2;

import java.util.List;
import quantscope.format.fold.Known;
import quantscope.graph.Op;

/** What becomes of one operation of the file. */
sealed interface Lowered {

    /**
     * A layer of the graph.
     *
     * @param then operators behind it that are part of the same operation
     */
    record Layer(Op op, List<String> inputs, List<Op> then) implements Lowered {

        Layer(Op op, List<String> inputs) {
            this(op, inputs, List.of());
        }

        Layer(Op op, String... inputs) {
            this(op, List.of(inputs), List.of());
        }

        Layer then(Op op) {
            return new Layer(this.op, inputs, List.of(op));
        }
    }

    /** An operation with several results, each a layer by itself, in the results' order. */
    record Several(List<Layer> layers) implements Lowered { }

    /** A tensor that depends on parameters alone. */
    record Folded(Known value) implements Lowered { }

    /** Several such tensors, in the results' order. */
    record FoldedParts(List<Known> values) implements Lowered { }

    /** Nothing but another name for its input, a symbolic size, or a value that is lost. */
    record Alias(Slot slot) implements Lowered { }
}
