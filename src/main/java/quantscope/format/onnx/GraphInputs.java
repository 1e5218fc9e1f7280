package quantscope.format.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.format.onnx.OnnxFile.ValuePart;
import quantscope.quant.QuantDtype;
import quantscope.tensor.Shape;

/** Settles the shapes of a network's inputs: one image, and a size where the file leaves height and width open. */
final class GraphInputs {

    private static final int DEFAULT_SIDE = 224;
    private static final int LARGEST_RANK = 8;
    private static final int LARGEST_SIDE = 1 << 16;

    private final Path file;
    private final Map<String, String> metadata;
    private final List<String> notes;
    private int batch = 1;
    private boolean oneImage = true;
    private boolean whole;

    /** @param notes takes what was chosen for the user */
    GraphInputs(Path file, Map<String, String> metadata, List<String> notes) {
        this.file = file;
        this.metadata = metadata;
        this.notes = notes;
    }

    /** Images in the file's batch where it is fixed; 1 where it is open. */
    int batch() {
        return batch;
    }

    /** Whether the file fixes the batch of every input to one image. */
    boolean oneImage() {
        return oneImage;
    }

    /** The type of an input that holds levels of 8 bits. */
    Optional<QuantDtype> levels(ValuePart input) {
        return switch (ElementType.of(input.type()).orElse(ElementType.FLOAT)) {
            case UINT8 -> Optional.of(QuantDtype.QUINT8);
            case INT8 -> Optional.of(QuantDtype.QINT8);
            default -> Optional.empty();
        };
    }

    /** Takes what lies along the first axis of inputs for no batch of images, but for a part of one input. */
    void takeWhole() {
        whole = true;
    }

    /** @throws ModelFormatException when the input is no image or feature vector */
    Shape shape(ValuePart input) throws ModelFormatException {
        String place = "input " + input.name();
        ElementType type = ElementType.of(input.type()).filter(t -> t.floating() || t == ElementType.BOOL
                || levels(input).isPresent()).orElseThrow(() ->
                new ModelFormatException(file, place, "holds elements of type " + input.type()
                        + " of onnx.TensorProto, expected floating-point images; export a model that takes images"));
        if (levels(input).isPresent()) {
            notes.add(place + " is " + type + " in the file: its numbers are taken as they are, rounded to integers.");
        } else if (type == ElementType.BOOL) {
            notes.add(place + " holds truth values in the file: 0 is false, everything else true.");
        } else if (type != ElementType.FLOAT) {
            notes.add(place + " is " + type + " in the file; everything is computed in fp32 here.");
        }
        List<Long> dims = input.dims().orElseThrow(() -> new ModelFormatException(file, place,
                "has no shape, expected [N,C,H,W] or [N,F]; export the model again with an example input"));
        if (dims.isEmpty() || dims.size() > LARGEST_RANK) {
            throw new ModelFormatException(file, place, "has shape " + dims + " of rank " + dims.size()
                    + ", expected [N,C,H,W] or [N,F]");
        }
        int[] extents = new int[dims.size()];
        for (int axis = 0; axis < extents.length; axis++) {
            extents[axis] = extent(place, dims, axis);
        }
        return Shape.of(extents);
    }

    private int extent(String place, List<Long> dims, int axis) throws ModelFormatException {
        long given = dims.get(axis);
        if (axis == 0 && whole && given > 0 && given <= Integer.MAX_VALUE) {
            notes.add(place + " has " + given + " entries along its first axis, which operators mix: it is no batch of images.");
            return (int) given;
        }
        if (axis == 0) {
            oneImage &= given == 1;
            if (given > 1) {
                batch = (int) Math.min(given, Integer.MAX_VALUE);
                notes.add(place + " is fixed to a batch of " + given + " in the file; images run one at a time here.");
            }
            return 1;
        }
        if (given > LARGEST_SIDE && dims.size() == 4 || given > Integer.MAX_VALUE) {
            throw new ModelFormatException(file, place, "has the extent " + given + " on axis " + axis
                    + ", expected at most " + LARGEST_SIDE + "; the file is damaged");
        }
        if (given > 0) {
            return (int) given;
        }
        if (dims.size() != 4) {
            throw new ModelFormatException(file, place, "leaves its number of features open, expected a number;"
                    + " export the model with a fixed size");
        }
        int chosen = axis == 1 ? 3 : side(axis - 2);
        notes.add(place + " leaves its " + List.of("channels", "height", "width").get(axis - 1) + " open; "
                + chosen + " was chosen.");
        return chosen;
    }

    /** From the preprocessing in the file, {@code {"crop": [height, width]}} or one number, or else 224. */
    private int side(int index) {
        try {
            JsonNode crop = new ObjectMapper().readTree(metadata.getOrDefault("preprocessing", "{}")).path("crop");
            int side = crop.isArray() ? crop.path(index).asInt() : crop.asInt();
            return side >= 1 && side <= LARGEST_SIDE ? side : DEFAULT_SIDE;
        } catch (JsonProcessingException e) {
            notes.add("The preprocessing in the file is not JSON and was not used: " + e.getOriginalMessage());
            return DEFAULT_SIDE;
        }
    }
}
