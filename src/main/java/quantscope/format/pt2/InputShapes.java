package quantscope.format.pt2;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import quantscope.format.ModelFormatException;
import quantscope.tensor.Shape;

/**
 * Reads shapes of tensor_values, for one image: an input's first extent is the batch, open or fixed, and becomes 1; so does
 * the same extent in front of other values.
 */
final class InputShapes {

    private final Path file;
    private final Optional<int[]> crop;
    private int fixedBatch = 1;
    private final Set<String> openBatches = new HashSet<>();

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
        openBatches.add(sizes.get(0).path("as_expr").path("expr_str").asText());
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
        OptionalInt first = fixed(sizes.get(0));
        if (first.isEmpty() && !openBatches.contains(sizes.get(0).path("as_expr").path("expr_str").asText())) {
            return Optional.empty();
        }
        dims[0] = first.isEmpty() || first.getAsInt() == fixedBatch ? 1 : first.getAsInt();
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
