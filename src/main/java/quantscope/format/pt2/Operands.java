package quantscope.format.pt2;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Known;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * What operations read, as nodes and fixed tensors of the graph under construction.
 *
 * @param nodes     of the graph so far, by name
 * @param constants puts a fixed tensor into the graph and gives its node's name
 * @param steps     puts an operator into the graph that is part of the present operation, and gives its node's name
 * @param said      what the file says of values
 */
record Operands(Function<String, Node> nodes, Function<Known, String> constants, Steps steps, FileValues said) {

    /** What adds the operators that an operation consists of, but for its last. */
    @FunctionalInterface
    interface Steps {
        String add(Op op, List<String> inputs) throws ModelFormatException;
    }

    /** Adds an operator that is part of the present operation; nothing may be refused after that. */
    String step(Op op, String... inputs) throws ModelFormatException {
        return steps.add(op, List.of(inputs));
    }

    /** The node of an argument, which may be a tensor or a number. */
    String node(Call call, String argument) throws ModelFormatException {
        return node(call.operand(argument));
    }

    String number(double value) {
        return constants.apply(Known.scalar((float) value));
    }

    /** Whether the file says that a tensor holds truth values. */
    boolean isBool(Call call, String argument) {
        return call.tensorName(argument).flatMap(said::type).filter(Dtype.BOOL::equals).isPresent();
    }

    /** Whether the file says that a tensor holds integers or truth values. */
    boolean isWhole(Call call, String argument) {
        return call.tensorName(argument).flatMap(said::type).filter(t -> !t.floating()).isPresent();
    }

    /** The batch that the network was exported with, 1 where it is open. */
    int fixedBatch() {
        return said.fixedBatch();
    }

    /**
     * An axis counted from the front.
     *
     * @throws NotSupportedException for the first: there are the images of a batch, of which a graph has one
     */
    int axis(Call call, long axis, int rank) throws ModelFormatException {
        if (axis < -rank || axis >= Math.max(rank, 1)) {
            throw call.error("axis " + axis + " is outside of rank " + rank);
        }
        int positive = (int) (axis < 0 ? axis + rank : axis);
        if (positive == 0) {
            throw new NotSupportedException("It works across the images of a batch; the program runs each by itself.");
        }
        return positive;
    }

    Lowered.Layer layer(Op op, Call call, String input) throws ModelFormatException {
        return new Lowered.Layer(op, List.of(node(call.tensor(input))));
    }

    /** @throws NotSupportedException for a value that is no node's */
    String node(Slot slot) {
        return switch (slot) {
            case Slot.Layer l -> l.node();
            case Slot.Fixed f -> constants.apply(f.value());
            case Slot.Number n -> constants.apply(Known.Longs.scalar(n.value()));
            case Slot.Padded p -> throw new NotSupportedException("It reads an image padded for a convolution.");
            case Slot.Lost l -> throw new NotSupportedException(l.reason());
        };
    }

    /** Of a value that depends on the network's input; empty behind an operator that is not supported. */
    Optional<Shape> shape(Slot slot) {
        return switch (slot) {
            case Slot.Layer l -> nodes.apply(l.node()).shape();
            case Slot.Fixed f -> Optional.of(f.value().shape());
            case Slot.Padded p -> nodes.apply(p.node()).shape().map(s -> s
                    .with(2, Math.addExact(s.dim(2), Math.addExact(p.top(), p.bottom())))
                    .with(3, Math.addExact(s.dim(3), Math.addExact(p.left(), p.right()))));
            case Slot.Number n -> Optional.empty();
            case Slot.Lost l -> Optional.empty();
        };
    }

    /** @throws NotSupportedException where the shape is not known */
    Shape knownShape(Call call, String input) throws ModelFormatException {
        return shape(call.tensor(input)).orElseThrow(() -> new NotSupportedException(
                "It depends on the shape of its input, which is not known."));
    }

    /** @throws NotSupportedException where the input is known to be no image [N,C,H,W] */
    void requireImage(Call call, String input) throws ModelFormatException {
        Optional<Shape> shape = shape(call.tensor(input));
        if (shape.isPresent() && shape.get().rank() != 4) {
            throw new NotSupportedException("The program computes it on images [N,C,H,W] only, not on "
                    + shape.get() + ".");
        }
    }

    /** @throws NotSupportedException where the input is known to be no row of channels [N,C,L] */
    Shape requireRow(Call call, String input) throws ModelFormatException {
        Shape shape = knownShape(call, input);
        if (shape.rank() != 3) {
            throw new NotSupportedException("The program computes it on rows [N,C,L] only, not on " + shape + ".");
        }
        return shape;
    }

    /**
     * A tensor that depends on parameters alone; empty where the argument is left out.
     *
     * @throws NotSupportedException where it depends on the network's input
     */
    Optional<FloatTensor> fixed(Call call, String name) throws ModelFormatException {
        if (!call.has(name)) {
            return Optional.empty();
        }
        if (call.tensor(name) instanceof Slot.Fixed f) {
            return Optional.of(f.value().floats());
        }
        throw new NotSupportedException("Its " + name + " does not depend on parameters alone.");
    }

    FloatTensor required(Call call, String name) throws ModelFormatException {
        return fixed(call, name).orElseThrow(() -> new NotSupportedException("It has no " + name + "."));
    }
}
