package quantscope.format.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.format.onnx.OnnxFile.GraphPart;
import quantscope.format.onnx.OnnxFile.ValuePart;
import quantscope.tensor.Shape;

/** What the file itself says about the shapes of values; believed only behind operators that are not supported. */
final class ValueShapes {

    /** A described value with more elements is taken for damage. */
    private static final long LARGEST = 1L << 28;

    private final Map<String, List<Long>> dims = new HashMap<>();

    ValueShapes(GraphPart graph) {
        graph.values().forEach(this::keep);
        graph.outputs().forEach(this::keep);
    }

    private void keep(ValuePart value) {
        value.dims().ifPresent(d -> dims.put(value.name(), d));
    }

    /**
     * For one image.
     *
     * @param batch images in the file's batch
     * @return empty unless every extent but the batch is a number
     */
    Optional<Shape> find(String value, int batch) {
        List<Long> described = dims.getOrDefault(value, List.of());
        int[] extents = new int[described.size()];
        long elements = 1;
        for (int i = 0; i < extents.length; i++) {
            long extent = described.get(i);
            if (i == 0 && (extent < 1 || extent == batch)) {
                extent = 1;
            }
            if (extent < 1 || extent > LARGEST || elements > LARGEST / extent) {
                return Optional.empty();
            }
            extents[i] = (int) extent;
            elements *= extent;
        }
        return extents.length == 0 ? Optional.empty() : Optional.of(Shape.of(extents));
    }
}
