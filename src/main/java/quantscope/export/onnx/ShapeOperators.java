package quantscope.export.onnx;

import static quantscope.export.onnx.OnnxGraph.number;
import static quantscope.export.onnx.OnnxGraph.numbers;
import static quantscope.export.onnx.OnnxGraph.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import quantscope.export.AxisMatrices;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.Rearrangement;
import quantscope.graph.Resampling;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Movement of elements, and resampling; where ONNX lacks a form, indices or matrices along each axis do the same. */
final class ShapeOperators {

    private final Steps steps;

    ShapeOperators(Steps steps) {
        this.steps = steps;
    }

    /** @return the name of the value; the input's where nothing moves */
    String rearrange(Node node, String value, Rearrangement how, String x, Shape in) {
        switch (how) {
            case Rearrangement.Permute p -> steps.node("Transpose", value, List.of(x), numbers("perm", ints(p.dims())));
            case Rearrangement.Slice s -> slice(node, value, s, x);
            case Rearrangement.Expand e -> steps.node("Expand", value, List.of(x, steps.longs(node, "shape", e.target().toArray())));
            case Rearrangement.Tile t -> steps.node("Tile", value, List.of(x, steps.longs(node, "repeats", ints(t.repeats()))));
            case Rearrangement.Pad p -> {
                return pad(node, value, p, x, in);
            }
            case Rearrangement.IndexSelect i -> gather(node, value, x, i.axis(), ints(i.indices()));
        }
        return value;
    }

    private static int[] ints(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    private void slice(Node node, String value, Rearrangement.Slice s, String x) {
        int rank = s.starts().size();
        int[] ends = new int[rank];
        for (int axis = 0; axis < rank; axis++) {
            int step = s.steps().get(axis);
            int end = s.starts().get(axis) + (s.sizes().get(axis) - 1) * step + Integer.signum(step);
            // Before the first element: -1 would be the last one.
            ends[axis] = end < 0 ? -Integer.MAX_VALUE : end;
        }
        // The batch is left alone.
        int[] axes = IntStream.range(0, rank).filter(axis -> axis > 0 || s.sizes().getFirst() > 1).toArray();
        steps.node("Slice", value, List.of(x, steps.longs(node, "starts", of(axes, ints(s.starts()))),
                steps.longs(node, "ends", of(axes, ends)), steps.longs(node, "axes", axes),
                steps.longs(node, "steps", of(axes, ints(s.steps())))));
    }

    private static int[] of(int[] axes, int[] numbers) {
        return IntStream.of(axes).map(axis -> numbers[axis]).toArray();
    }

    private String pad(Node node, String value, Rearrangement.Pad p, String x, Shape in) {
        int rank = in.rank();
        int[] padded = IntStream.range(0, rank).filter(i -> p.before().get(i) != 0 || p.after().get(i) != 0).toArray();
        if (padded.length == 0) {
            return x;
        }
        if (p.mode() == Rearrangement.PadMode.CONSTANT) {
            List<Integer> pads = new ArrayList<>(p.before());
            pads.addAll(p.after());
            steps.node("Pad", value, List.of(x, steps.longs(node, "pads", ints(pads)), steps.scalar(node, "fill", p.value())));
            return value;
        }
        int[] ones = new int[rank];
        Arrays.fill(ones, 1);
        int[][] indices = p.offsets(in, ones);
        String gathered = x;
        for (int i = 0; i < padded.length - 1; i++) {
            gathered = steps.step(node, "Gather", List.of(gathered, steps.longs(node, "indices", indices[padded[i]])),
                    number("axis", padded[i]));
        }
        gather(node, value, gathered, padded[padded.length - 1], indices[padded[padded.length - 1]]);
        return value;
    }

    private void gather(Node node, String value, String x, int axis, int[] indices) {
        steps.node("Gather", value, List.of(x, steps.longs(node, "indices", indices)), number("axis", axis));
    }

    /** @return the name of the value; the input's where nothing changes */
    String upsample(Node node, String value, Resampling how, String x, Shape in) {
        if (in.rank() != 4 || how.antialias() || how.coordinates() == Resampling.Coordinates.HALF_PIXEL_SYMMETRIC
                || how.crop().isPresent() || how.mode() == Resampling.Mode.NEAREST && !wholeScales(how) || in.dim(0) != how.target().dim(0) || in.dim(1) != how.target().dim(1)
                || !IntStream.range(0, 4).allMatch(i -> (int) Math.floor(how.scales().get(i) * in.dim(i)) == how.target().dim(i))) {
            return alongAxes(node, value, AxisMatrices.of(how, in), x, in);
        }
        float[] scales = new float[4];
        for (int i = 0; i < 4; i++) {
            scales[i] = how.scales().get(i);
        }
        List<OnnxMessage> attributes = new ArrayList<>(List.of(text("mode", how.mode().name().toLowerCase(Locale.ROOT)),
                text("coordinate_transformation_mode", how.coordinates().name().toLowerCase(Locale.ROOT))));
        if (how.mode() == Resampling.Mode.NEAREST) {
            attributes.add(text("nearest_mode", how.rounding().name().toLowerCase(Locale.ROOT)));
        }
        if (how.mode() == Resampling.Mode.CUBIC) {
            attributes.add(number("cubic_coeff_a", how.cubicA()));
        }
        if (how.excludeOutside()) {
            attributes.add(number("exclude_outside", 1));
        }
        steps.node("Resize", value, List.of(x, "", steps.constant(node, "scales", FloatTensor.vector(scales))),
                attributes.toArray(OnnxMessage[]::new));
        return value;
    }

    /** With others the nearest element hangs on how the runtime rounds. */
    private static boolean wholeScales(Resampling how) {
        return how.scales().stream().allMatch(s -> s == Math.rint(s));
    }

    /** A product with a matrix along each axis: the axis is brought to the end, and back. */
    String alongAxes(Node node, String value, AxisMatrices how, String x, Shape in) {
        String y = x;
        int left = how.matrices().size() + (how.added().isPresent() ? 1 : 0);
        for (Map.Entry<Integer, FloatTensor> matrix : how.matrices().entrySet()) {
            left--;
            y = alongAxis(node, left == 0 ? value : "", matrix.getKey(), matrix.getValue(), y, in.rank());
        }
        if (how.added().isPresent()) {
            steps.node("Add", value, List.of(y, steps.constant(node, "added", how.added().get())));
            return value;
        }
        return y;
    }

    /** @param value the name of the result; empty for any */
    private String alongAxis(Node node, String value, int axis, FloatTensor matrix, String x, int rank) {
        if (axis == rank - 1) {
            return named(node, value, "MatMul", List.of(x, steps.constant(node, "matrix", transposed(matrix))));
        }
        if (axis == rank - 2) {
            return named(node, value, "MatMul", List.of(steps.constant(node, "matrix", matrix), x));
        }
        List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        Collections.swap(order, axis, rank - 1);
        OnnxMessage swap = numbers("perm", ints(order));
        String last = steps.step(node, "Transpose", List.of(x), swap);
        String product = steps.step(node, "MatMul", last, steps.constant(node, "matrix", transposed(matrix)));
        return named(node, value, "Transpose", List.of(product), swap);
    }

    private String named(Node node, String value, String operator, List<String> in, OnnxMessage... attributes) {
        if (value.isEmpty()) {
            return steps.step(node, operator, in, attributes);
        }
        steps.node(operator, value, in, attributes);
        return value;
    }

    static FloatTensor transposed(FloatTensor matrix) {
        int rows = matrix.shape().dim(0);
        int columns = matrix.shape().dim(1);
        FloatTensor result = FloatTensor.zeros(Shape.of(columns, rows));
        for (int i = 0; i < matrix.data().length; i++) {
            result.data()[i % columns * rows + i / columns] = matrix.data()[i];
        }
        return result;
    }
}
