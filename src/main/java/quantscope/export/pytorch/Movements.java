package quantscope.export.pytorch;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import quantscope.graph.Rearrangement;
import quantscope.tensor.Shape;

/** Writes what moves, repeats or leaves out elements as expressions of forward; the batch's axis stays open. */
final class Movements {

    private Movements() { }

    static String rearrange(Rearrangement how, Shape in, String x) {
        return switch (how) {
            case Rearrangement.Permute p -> x + ".permute(" + joined(p.dims()) + ")";
            case Rearrangement.Slice s -> slice(s, in, x);
            case Rearrangement.Expand e -> expand(e.target(), in, x);
            case Rearrangement.Tile t -> x + ".repeat(" + joined(t.repeats()) + ")";
            case Rearrangement.Pad p -> pad(p, in, x);
            case Rearrangement.IndexSelect i -> select(x, i.axis(), i.indices());
        };
    }

    private static String joined(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** Python's slices of tensors go forward only: what goes backward is taken forward and flipped. */
    private static String slice(Rearrangement.Slice s, Shape in, String x) {
        List<String> parts = new ArrayList<>();
        List<Integer> flipped = new ArrayList<>();
        int used = 0;
        for (int axis = 0; axis < in.rank(); axis++) {
            int size = s.sizes().get(axis);
            int step = Math.abs(s.steps().get(axis));
            int first = s.starts().get(axis);
            int last = first + (size - 1) * s.steps().get(axis);
            if (last < first) {
                flipped.add(axis);
            }
            int low = Math.min(first, last);
            int end = Math.max(first, last) + 1;
            String part = (low == 0 ? "" : String.valueOf(low)) + ":" + (end == in.dim(axis) ? "" : String.valueOf(end))
                    + (size == 1 || step == 1 ? "" : ":" + step);
            parts.add(part);
            used = part.equals(":") ? used : axis + 1;
        }
        String taken = used == 0 ? x : x + "[" + String.join(", ", parts.subList(0, used)) + "]";
        return flipped.isEmpty() ? taken : taken + ".flip(" + flipped + ")";
    }

    private static String expand(Shape target, Shape in, String x) {
        int more = target.rank() - in.rank();
        return x + ".expand(" + IntStream.range(0, target.rank()).mapToObj(axis -> axis >= more
                && in.dim(axis - more) == target.dim(axis) ? "-1" : String.valueOf(target.dim(axis)))
                .collect(Collectors.joining(", ")) + ")";
    }

    /** PyTorch mirrors and repeats along the last two axes and once only; anything beyond is selected by its indices. */
    private static String pad(Rearrangement.Pad p, Shape in, String x) {
        int first = IntStream.range(0, in.rank()).filter(i -> p.before().get(i) != 0 || p.after().get(i) != 0).findFirst()
                .orElse(in.rank());
        if (first == in.rank()) {
            return x;
        }
        if (p.mode() != Rearrangement.PadMode.CONSTANT && !inFunction(p, in, first)) {
            return padByIndices(p, in, x);
        }
        int from = p.mode() == Rearrangement.PadMode.CONSTANT ? first : in.rank() - 2;
        String amounts = IntStream.iterate(in.rank() - 1, axis -> axis >= from, axis -> axis - 1)
                .mapToObj(axis -> p.before().get(axis) + ", " + p.after().get(axis)).collect(Collectors.joining(", "));
        return "nn.functional.pad(" + x + ", (" + amounts + "), " + switch (p.mode()) {
            case CONSTANT -> "value=" + Python.number(p.value());
            case REFLECT -> "mode=\"reflect\"";
            case REPLICATE -> "mode=\"replicate\"";
            case CIRCULAR -> "mode=\"circular\"";
        } + ")";
    }

    private static boolean inFunction(Rearrangement.Pad p, Shape in, int first) {
        int most = p.mode() == Rearrangement.PadMode.REFLECT ? 1 : 0;
        return in.rank() == 4 && first >= 2 && IntStream.range(2, 4).allMatch(axis -> p.before().get(axis) >= 0
                && p.after().get(axis) >= 0 && (p.mode() == Rearrangement.PadMode.REPLICATE
                || Math.max(p.before().get(axis), p.after().get(axis)) <= in.dim(axis) - most));
    }

    private static String padByIndices(Rearrangement.Pad p, Shape in, String x) {
        int[] ones = new int[in.rank()];
        java.util.Arrays.fill(ones, 1);
        int[][] indices = p.offsets(in, ones);
        String selected = x;
        for (int axis = 0; axis < in.rank(); axis++) {
            if (p.before().get(axis) != 0 || p.after().get(axis) != 0) {
                selected = select(selected, axis, IntStream.of(indices[axis]).boxed().toList());
            }
        }
        return selected;
    }

    private static String select(String x, int axis, List<Integer> indices) {
        return x + "[" + ":, ".repeat(axis) + Python.list(indices.stream().map(String::valueOf).toList(), 0) + "]";
    }
}
