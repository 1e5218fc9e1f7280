package quantscope.format.pt2;

import java.util.List;
import quantscope.format.fold.Known;
import quantscope.graph.Op;

/** What becomes of one operation of the file. */
sealed interface Lowered {

    /** A layer of the graph. */
    record Layer(Op op, List<String> inputs) implements Lowered { }

    /** A tensor that depends on parameters alone. */
    record Folded(Known value) implements Lowered { }

    /** Nothing but another name for its input, or a symbolic size. */
    record Alias(Call.Slot slot) implements Lowered { }
}
