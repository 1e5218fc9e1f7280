package quantscope.format.pt2;

import java.util.List;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Elementwise;
import quantscope.format.fold.Elementwise.Binary;
import quantscope.format.fold.Known;
import quantscope.format.fold.Making;
import quantscope.tensor.Shape;

/** Makes tensors of nothing but numbers and shapes; the shape may be an activation's, for one image. */
final class FoldMaking {

    private final Operands operands;

    FoldMaking(Operands operands) {
        this.operands = operands;
    }

    /** @return empty for an operation that reads elements */
    Optional<Known> make(Call call, String operator) throws ModelFormatException {
        return Optional.ofNullable(switch (operator) {
            case "aten.ones", "aten.new_ones" -> typed(call, Making.full(size(call), Known.scalar(1)));
            // What is empty is written over before it is read.
            case "aten.zeros", "aten.new_zeros", "aten.empty", "aten.new_empty", "aten.empty_strided", "aten.empty_permuted" ->
                    typed(call, Making.full(size(call), Known.scalar(0)));
            case "aten.full", "aten.new_full" -> typed(call, Making.full(size(call), value(call, "fill_value")));
            case "aten.scalar_tensor" -> typed(call, value(call, "s"));
            case "aten.ones_like" -> typed(call, Making.full(like(call), Known.scalar(1)));
            case "aten.zeros_like", "aten.empty_like" -> typed(call, Making.full(like(call), Known.scalar(0)));
            case "aten.full_like" -> typed(call, Making.full(like(call), value(call, "fill_value")));
            case "aten.arange" -> range(call);
            default -> null;
        });
    }

    private static Known typed(Call call, Known made) {
        return call.dtype("dtype").map(type -> type.cast(made)).orElse(made);
    }

    private static long[] size(Call call) throws ModelFormatException {
        return call.integers("size").stream().mapToLong(Long::longValue).toArray();
    }

    private long[] like(Call call) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        return shape.dims().stream().mapToLong(Integer::longValue).toArray();
    }

    private static Known value(Call call, String name) throws ModelFormatException {
        if (call.operand(name) instanceof Slot.Fixed f) {
            return f.value();
        }
        throw new NotSupportedException("Its " + name + " depends on the image.");
    }

    private static Known range(Call call) throws ModelFormatException {
        List<String> bounds = List.of("start", "end", "step");
        double[] numbers = {0, 0, 1};
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = call.number(bounds.get(i), numbers[i]);
        }
        double count = Math.ceil((numbers[1] - numbers[0]) / numbers[2]);
        if (!(count >= 0 && count < 1 << 24)) {
            throw call.error("counts from " + numbers[0] + " to " + numbers[1] + " by " + numbers[2]);
        }
        Known places = Making.range(0, (long) count, 1);
        boolean whole = numbers[0] == Math.rint(numbers[0]) && numbers[2] == Math.rint(numbers[2]);
        Known step = whole ? Known.Longs.scalar((long) numbers[2]) : Known.scalar((float) numbers[2]);
        Known start = whole ? Known.Longs.scalar((long) numbers[0]) : Known.scalar((float) numbers[0]);
        return typed(call, Elementwise.binary(Binary.ADD, Elementwise.binary(Binary.MUL, places, step), start));
    }
}
