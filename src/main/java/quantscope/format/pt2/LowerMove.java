package quantscope.format.pt2;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import quantscope.format.ModelFormatException;
import quantscope.graph.Op;
import quantscope.graph.Rearrangement;
import quantscope.tensor.Shape;

/** Operations that reorder, repeat or leave out elements of one tensor. */
final class LowerMove implements Lowering {

    private final Operands operands;

    LowerMove(Operands operands) {
        this.operands = operands;
    }

    @Override
    public Optional<Lowered> lower(Call call, String operator) throws ModelFormatException {
        return Optional.ofNullable(switch (operator) {
            case "aten.permute", "aten.permute_copy" -> permute(call, axes(call, "dims"));
            case "aten.transpose", "aten.swapaxes", "aten.swapdims", "aten.transpose_copy" -> swap(call,
                    call.integer(call.has("dim0") ? "dim0" : "axis0", 0), call.integer(call.has("dim1") ? "dim1" : "axis1", 1));
            case "aten.mT", "aten.mH", "aten.adjoint" -> swap(call, -2, -1);
            case "aten.movedim", "aten.moveaxis" -> movedim(call);
            case "aten.slice", "aten.slice_copy" -> slice(call, call.integer("dim", 0), number(call, "start", 0),
                    number(call, "end", Long.MAX_VALUE), number(call, "step", 1));
            case "aten.narrow", "aten.narrow_copy" -> slice(call, call.integer("dim", 0), number(call, "start", 0),
                    Math.addExact(number(call, "start", 0), number(call, "length", 1)), 1);
            case "aten.select", "aten.select_copy" -> select(call);
            case "aten.flip" -> flip(call);
            case "aten.roll" -> roll(call);
            case "aten.repeat", "aten.tile" -> tile(call, call.integers(operator.equals("aten.tile") ? "dims" : "repeats"));
            case "aten.repeat_interleave" -> interleave(call);
            case "aten.expand", "aten.expand_copy", "aten.broadcast_to" -> expand(call, oneImage(call.integers("size")));
            case "aten.expand_as" -> expand(call, operands.knownShape(call, "other").dims().stream().map(i -> (long) i)
                    .toList());
            default -> null;
        });
    }

    private static long number(Call call, String name, long missing) throws ModelFormatException {
        List<Long> values = call.integers(name);
        if (values.size() > 1) {
            throw call.error("argument " + name + " has " + values.size() + " values, expected 1");
        }
        return values.isEmpty() ? missing : values.getFirst();
    }

    private static List<Integer> axes(Call call, String name) throws ModelFormatException {
        return call.integers(name).stream().map(Math::toIntExact).toList();
    }

    private Shape shape(Call call) throws ModelFormatException {
        return operands.knownShape(call, "self");
    }

    private Lowered rearrange(Call call, Rearrangement how) throws ModelFormatException {
        return how.shape(shape(call)).equals(shape(call)) && isStill(how) ? new Lowered.Alias(call.tensor("self"))
                : operands.layer(new Op.Rearrange(how), call, "self");
    }

    /** Of a movement that keeps the shape: whether it moves nothing. */
    private static boolean isStill(Rearrangement how) {
        return switch (how) {
            case Rearrangement.Permute p -> p.dims().equals(p.dims().stream().sorted().toList());
            case Rearrangement.Slice s -> s.starts().stream().allMatch(i -> i == 0);
            case Rearrangement.Expand e -> true;
            case Rearrangement.Tile t -> true;
            case Rearrangement.Pad p -> p.before().stream().allMatch(i -> i == 0);
            case Rearrangement.IndexSelect i -> i.indices().equals(IntStream.range(0, i.indices().size()).boxed().toList());
        };
    }

    private Lowered permute(Call call, List<Integer> dims) throws ModelFormatException {
        int rank = shape(call).rank();
        List<Integer> order = new ArrayList<>();
        for (int dim : dims) {
            order.add(Math.floorMod(dim, rank));
        }
        if (!order.isEmpty() && order.getFirst() != 0 && shape(call).dim(order.getFirst()) != 1) {
            throw new NotSupportedException("It moves the axis of the batch's images.");
        }
        return rearrange(call, new Rearrangement.Permute(order));
    }

    private Lowered swap(Call call, int first, int second) throws ModelFormatException {
        int rank = shape(call).rank();
        List<Integer> order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        Collections.swap(order, Math.floorMod(first, rank), Math.floorMod(second, rank));
        return permute(call, order);
    }

    private Lowered movedim(Call call) throws ModelFormatException {
        int rank = shape(call).rank();
        List<Integer> from = axes(call, "source").stream().map(a -> Math.floorMod(a, rank)).toList();
        List<Integer> to = axes(call, "destination").stream().map(a -> Math.floorMod(a, rank)).toList();
        Integer[] order = new Integer[rank];
        for (int i = 0; i < Math.min(from.size(), to.size()); i++) {
            order[to.get(i)] = from.get(i);
        }
        List<Integer> rest = new ArrayList<>(IntStream.range(0, rank).filter(a -> !from.contains(a)).boxed().toList());
        for (int i = 0; i < rank && !rest.isEmpty(); i++) {
            if (order[i] == null) {
                order[i] = rest.removeFirst();
            }
        }
        return permute(call, List.of(order));
    }

    /** By Python's rules. */
    private Lowered slice(Call call, int dim, long start, long end, long step) throws ModelFormatException {
        Shape shape = shape(call);
        int positive = Math.floorMod(dim, Math.max(1, shape.rank()));
        int extent = shape.dim(positive);
        long from = Math.clamp(start < 0 ? start + extent : start, 0, extent);
        long to = Math.clamp(end < 0 ? end + extent : end, 0, extent);
        if (positive == 0 && from == 0 && step == 1 && to == extent) {
            return new Lowered.Alias(call.tensor("self"));
        }
        int axis = operands.axis(call, dim, shape.rank());
        if (step < 1 || from >= to) {
            throw call.error("takes nothing of axis " + axis + " of " + shape);
        }
        int size = Math.toIntExact((to - from - 1) / step + 1);
        return rearrange(call, Slices.of(shape, axis, (int) from, size, (int) Math.min(step, extent)));
    }

    private Lowered select(Call call) throws ModelFormatException {
        Shape shape = shape(call);
        int axis = operands.axis(call, call.integer("dim", 0), shape.rank());
        int index = call.integer("index", 0);
        Rearrangement one = Slices.of(shape, axis, index < 0 ? index + shape.dim(axis) : index, 1, 1);
        return operands.layer(new Op.Rearrange(one), call, "self").then(new Op.Reshape(Slices.without(shape, axis)));
    }

    private Lowered flip(Call call) throws ModelFormatException {
        Shape shape = shape(call);
        List<Integer> starts = new ArrayList<>(Collections.nCopies(shape.rank(), 0));
        List<Integer> steps = new ArrayList<>(Collections.nCopies(shape.rank(), 1));
        for (int dim : axes(call, "dims")) {
            int axis = operands.axis(call, dim, shape.rank());
            starts.set(axis, shape.dim(axis) - 1);
            steps.set(axis, -1);
        }
        return operands.layer(new Op.Rearrange(new Rearrangement.Slice(starts, shape.dims(), steps)), call, "self");
    }

    private Lowered roll(Call call) throws ModelFormatException {
        Shape shape = shape(call);
        List<Integer> shifts = axes(call, "shifts");
        List<Integer> dims = axes(call, "dims");
        if (dims.size() != shifts.size() || dims.isEmpty()) {
            throw new NotSupportedException("It rolls the elements of all images as one row.");
        }
        String x = operands.node(call.tensor("self"));
        Lowered.Layer last = new Lowered.Layer(new Op.Identity(), x);
        for (int i = 0; i < dims.size(); i++) {
            int axis = operands.axis(call, dims.get(i), shape.rank());
            int extent = shape.dim(axis);
            int shift = shifts.get(i);
            Op rolled = new Op.Rearrange(Slices.pick(axis, extent, at -> Math.floorMod(at - shift, extent)));
            last = new Lowered.Layer(rolled, x);
            x = i + 1 < dims.size() ? operands.step(rolled, x) : x;
        }
        return last;
    }

    /** More repeats than axes add axes in front, where the images are. */
    private Lowered tile(Call call, List<Long> repeats) throws ModelFormatException {
        Shape shape = shape(call);
        List<Integer> all = new ArrayList<>(Collections.nCopies(Math.max(0, shape.rank() - repeats.size()), 1));
        repeats.forEach(r -> all.add(Math.toIntExact(r)));
        if (all.size() > shape.rank() || all.isEmpty() || all.getFirst() != 1) {
            throw new NotSupportedException("It repeats the batch's images.");
        }
        return rearrange(call, new Rearrangement.Tile(all));
    }

    private Lowered interleave(Call call) throws ModelFormatException {
        Shape shape = shape(call);
        if (!call.has("dim") || call.tensorName("repeats").isPresent()) {
            throw new NotSupportedException("It repeats elements a number of times that is a tensor, or in one row.");
        }
        int axis = operands.axis(call, call.integer("dim", 0), shape.rank());
        int repeats = call.integer("repeats", 1);
        return rearrange(call, Slices.pick(axis, (long) shape.dim(axis) * repeats, i -> i / repeats));
    }

    /** Sizes that a call gives, with the batch that it was exported with as one image. */
    private List<Long> oneImage(List<Long> sizes) {
        List<Long> one = new ArrayList<>(sizes);
        if (!one.isEmpty() && one.getFirst() > 1 && one.getFirst() == operands.fixedBatch()) {
            one.set(0, 1L);
        }
        return one;
    }

    private Lowered expand(Call call, List<Long> size) throws ModelFormatException {
        Shape shape = shape(call);
        List<Integer> dims = new ArrayList<>();
        for (int i = 0; i < size.size(); i++) {
            int own = i - size.size() + shape.rank();
            dims.add(size.get(i) == -1 && own >= 0 ? shape.dim(own) : Math.toIntExact(size.get(i)));
        }
        return rearrange(call, new Rearrangement.Expand(new Shape(dims)));
    }
}
