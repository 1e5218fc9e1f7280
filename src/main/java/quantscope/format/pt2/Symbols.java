package quantscope.format.pt2;

import java.util.List;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.tensor.Shape;

/** Arithmetic on symbolic sizes, done with the numbers of one image. */
final class Symbols {

    private Symbols() { }

    /**
     * @param shape of the tensor whose size is asked for
     * @throws NotSupportedException when the shape is not known
     */
    static Slot size(Call call, Optional<Shape> shape) throws ModelFormatException {
        Shape known = shape.orElseThrow(() -> new NotSupportedException(
                "It asks for the size of a value whose shape is not known."));
        int axis = call.integer("dim", 0);
        if (axis < -known.rank() || axis >= known.rank()) {
            throw call.error("asks for axis " + axis + " of the shape " + known);
        }
        return new Slot.Number(known.dim(axis));
    }

    /** The value of an operation on numbers alone; lost where it is not an integer's. */
    static Slot compute(Call call) throws ModelFormatException {
        Optional<Long> value = switch (call.operator()) {
            case "_operator.add" -> Optional.of(Math.addExact(number(call, "a"), number(call, "b")));
            case "_operator.sub" -> Optional.of(Math.subtractExact(number(call, "a"), number(call, "b")));
            case "_operator.mul" -> Optional.of(Math.multiplyExact(number(call, "a"), number(call, "b")));
            case "_operator.floordiv" -> Optional.of(Math.floorDiv(number(call, "a"), number(call, "b")));
            case "_operator.mod" -> Optional.of(Math.floorMod(number(call, "a"), number(call, "b")));
            case "_operator.neg" -> Optional.of(Math.negateExact(number(call, "a")));
            default -> Optional.empty();
        };
        return value.<Slot>map(Slot.Number::new).orElseGet(() -> new Slot.Lost(Optional.empty(),
                "It depends on " + call.target() + " of symbolic sizes, which the program does not compute."));
    }

    private static long number(Call call, String name) throws ModelFormatException {
        List<Long> values = call.integers(name);
        if (values.size() != 1) {
            throw call.error("argument " + name + " has " + values.size() + " values, expected 1");
        }
        return values.getFirst();
    }
}
