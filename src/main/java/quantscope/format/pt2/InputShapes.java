package quantscope.format.pt2;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import quantscope.format.ModelFormatException;
import quantscope.tensor.Shape;

/** Reads shapes of tensor_values, for one image: the first extent is the batch, open or fixed, and becomes 1. */
final class InputShapes {

    private final Path file;
    private final Optional<int[]> crop;
    private int fixedBatch = 1;

    /** @param crop height and width that the file's preprocessing makes, for inputs of open size */
    InputShapes(Path file, Optional<int[]> crop) {
        this.file = file;
        this.crop = crop;
    }

    /** The shape of an input; open heights and widths come from the preprocessing. */
    Shape of(String name, JsonNode value) throws ModelFormatException {
        JsonNode sizes = value.path("sizes");
        if (!sizes.isArray() || sizes.isEmpty()) {
            throw new ModelFormatException(file, "input " + name, "has no shape in the file; export the model again");
        }
        int[] dims = new int[sizes.size()];
        dims[0] = 1;
        fixedBatch = Math.max(fixedBatch, fixed(sizes.get(0)).orElse(1));
        for (int i = 1; i < dims.length; i++) {
            OptionalInt fixed = fixed(sizes.get(i));
            if (fixed.isEmpty() && dims.length == 4 && i >= 2 && crop.isPresent()) {
                fixed = OptionalInt.of(crop.get()[i - 2]);
            }
            dims[i] = fixed.orElseThrow(() -> new ModelFormatException(file, "input " + name, "shape " + sizes
                    + " is open in more than the batch; export it with only the batch dynamic"));
        }
        return Shape.of(dims);
    }

    /** The batch that the inputs were exported with; 1 where it is open. */
    int fixedBatch() {
        return fixedBatch;
    }

    /** What the file says of a value; empty where anything but the batch is open, or it is no image's value. */
    Optional<Shape> declared(JsonNode value) {
        JsonNode sizes = value.path("sizes");
        if (!sizes.isArray() || sizes.size() < 2) {
            return Optional.empty();
        }
        int[] dims = new int[sizes.size()];
        dims[0] = 1;
        for (int i = 1; i < dims.length; i++) {
            OptionalInt fixed = fixed(sizes.get(i));
            if (fixed.isEmpty()) {
                return Optional.empty();
            }
            dims[i] = fixed.getAsInt();
        }
        return Optional.of(Shape.of(dims));
    }

    private static OptionalInt fixed(JsonNode size) {
        JsonNode value = size.path("as_int");
        return value.canConvertToInt() && value.isNumber() && value.asInt() >= 0 ? OptionalInt.of(value.asInt())
                : OptionalInt.empty();
    }
}
