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
    }

    /** A tensor that depends on parameters alone. */
    record Folded(Known value) implements Lowered { }

    /** Nothing but another name for its input, a symbolic size, or a value that is lost. */
    record Alias(Slot slot) implements Lowered { }
}
