package quantscope.format.pt2;

import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Elementwise;
import quantscope.format.fold.Elementwise.Binary;
import quantscope.format.fold.Elementwise.Unary;
import quantscope.format.fold.Known;
import quantscope.tensor.Shape;

/** Weights that a quantized network holds as levels, or quantizes and dequantizes at every run. */
final class FoldQuantized {

    private FoldQuantized() { }

    /** @return empty for another operation */
    static Optional<Known> fold(Call call, String operator) throws ModelFormatException {
        return switch (operator) {
            case "quantized_decomposed.quantize_per_tensor" -> Optional.of(quantize(call, scalar(call, "scale"),
                    scalar(call, "zero_point")));
            case "quantized_decomposed.quantize_per_channel" -> Optional.of(quantize(call, along(call, "scales"),
                    along(call, "zero_points")));
            case "quantized_decomposed.dequantize_per_tensor" -> Optional.of(dequantize(call, scalar(call, "scale"),
                    scalar(call, "zero_point")));
            case "quantized_decomposed.dequantize_per_channel" -> Optional.of(dequantize(call, along(call, "scales"),
                    call.has("zero_points") ? along(call, "zero_points") : Known.scalar(0)));
            default -> Optional.empty();
        };
    }

    private static Known scalar(Call call, String name) throws ModelFormatException {
        return Known.scalar((float) call.number(name, 0));
    }

    private static Known fixed(Call call, String name) throws ModelFormatException {
        if (call.tensor(name) instanceof Slot.Fixed f) {
            return f.value();
        }
        throw new NotSupportedException("Its " + name + " depends on the image.");
    }

    /** One value for each index of the axis, shaped so that it broadcasts. */
    private static Known along(Call call, String name) throws ModelFormatException {
        Shape input = fixed(call, "input").shape();
        Known values = Known.of(fixed(call, name).floats());
        int axis = Math.floorMod(call.integer("axis", 0), Math.max(1, input.rank()));
        if (input.rank() == 0 || values.shape().elements() != input.dim(axis)) {
            throw call.error(values.shape() + " " + name + " do not fit axis " + axis + " of " + input);
        }
        int[] dims = new int[input.rank()];
        java.util.Arrays.fill(dims, 1);
        dims[axis] = input.dim(axis);
        return values.reshaped(Shape.of(dims));
    }

    /** clamp(rint(x / s) + z). */
    private static Known quantize(Call call, Known scale, Known zeroPoint) throws ModelFormatException {
        Known inverse = Elementwise.unary(Unary.RECIPROCAL, scale);
        Known scaled = Elementwise.binary(Binary.MUL, Known.of(fixed(call, "input").floats()), inverse);
        Known levels = Elementwise.unary(Unary.ROUND, scaled);
        return Elementwise.clamp(Elementwise.binary(Binary.ADD, levels, zeroPoint), (float) call.number("quant_min", -128),
                (float) call.number("quant_max", 127)).longs();
    }

    /** (q - z) * s. */
    private static Known dequantize(Call call, Known scale, Known zeroPoint) throws ModelFormatException {
        Known levels = Known.of(fixed(call, "input").floats());
        return Elementwise.binary(Binary.MUL, Elementwise.binary(Binary.SUB, levels, zeroPoint), scale);
    }
}
