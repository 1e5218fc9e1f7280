package quantscope.format.pt2;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Elementwise;
import quantscope.format.fold.Elementwise.Binary;
import quantscope.format.fold.Known;
import quantscope.format.fold.Moving;
import quantscope.graph.Op;
import quantscope.graph.PairFunction;
import quantscope.graph.Rearrangement;
import quantscope.tensor.Shape;

/** Operations that take tensors apart, put them together, or pick parts by fixed indices. */
final class LowerParts implements Lowering {

    private final Operands operands;

    LowerParts(Operands operands) {
        this.operands = operands;
    }

    @Override
    public Optional<Lowered> lower(Call call, String operator) throws ModelFormatException {
        return Optional.ofNullable(switch (operator) {
            case "aten.cat", "aten.concat", "aten.concatenate" -> concat(call, call.integer("dim", 0));
            case "aten.hstack" -> concat(call, 1);
            case "aten.stack" -> stack(call);
            case "aten.chunk" -> chunk(call);
            case "aten.split", "aten.split_copy" -> split(call, call.has("split_size") ? "split_size" : "split_sizes");
            case "aten.split_with_sizes", "aten.split_with_sizes_copy" -> split(call, "split_sizes");
            case "aten.unbind", "aten.unbind_copy" -> unbind(call);
            case "aten.index", "aten._unsafe_index" -> index(call);
            case "aten.index_select" -> indexSelect(call);
            case "aten.slice_scatter" -> scatter(call);
            case "aten.copy" -> copy(call);
            case "aten.diff" -> diff(call);
            default -> null;
        });
    }

    private Lowered concat(Call call, int dim) throws ModelFormatException {
        List<String> inputs = new ArrayList<>();
        List<Slot> parts = call.tensors("tensors");
        int rank = 4;
        for (Slot slot : parts) {
            rank = operands.shape(slot).map(Shape::rank).orElse(rank);
        }
        int axis = operands.axis(call, dim, rank);
        for (Slot slot : parts) {
            inputs.add(operands.node(slot));
        }
        return new Lowered.Layer(new Op.Concat(axis), inputs, List.of());
    }

    private Lowered stack(Call call) throws ModelFormatException {
        List<Slot> parts = call.tensors("tensors");
        Shape shape = operands.shape(parts.getFirst()).orElseThrow(() -> new NotSupportedException(
                "It depends on the shape of its input, which is not known."));
        int axis = operands.axis(call, call.integer("dim", 0), shape.rank() + 1);
        Op widened = new Op.Reshape(Moving.unsqueezedShape(shape, axis));
        List<String> inputs = new ArrayList<>();
        for (Slot slot : parts) {
            inputs.add(operands.step(widened, operands.node(slot)));
        }
        return new Lowered.Layer(new Op.Concat(axis), inputs, List.of());
    }

    private Lowered chunk(Call call) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        int axis = operands.axis(call, call.integer("dim", 0), shape.rank());
        int chunks = call.integer("chunks", 1);
        if (chunks < 1) {
            throw call.error("makes " + chunks + " chunks");
        }
        return pieces(call, shape, axis, Math.ceilDiv(shape.dim(axis), chunks));
    }

    private Lowered split(Call call, String sizes) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        int axis = operands.axis(call, call.integer("dim", 0), shape.rank());
        List<Long> given = call.integers(sizes);
        if (sizes.equals("split_size") && given.size() == 1 && given.getFirst() > 0) {
            return pieces(call, shape, axis, Math.toIntExact(given.getFirst()));
        }
        List<Integer> all = given.stream().map(Math::toIntExact).toList();
        return several(call, shape, axis, all);
    }

    private Lowered pieces(Call call, Shape shape, int axis, int size) throws ModelFormatException {
        List<Integer> sizes = new ArrayList<>();
        requirePieces(call, Math.ceilDiv(shape.dim(axis), size));
        for (int at = 0; at < shape.dim(axis); at += size) {
            sizes.add(Math.min(size, shape.dim(axis) - at));
        }
        return several(call, shape, axis, sizes);
    }

    private static void requirePieces(Call call, int count) throws ModelFormatException {
        if (call.outputs().size() != count) {
            throw call.error("makes " + count + " pieces, but the file names " + call.outputs().size());
        }
    }

    private Lowered several(Call call, Shape shape, int axis, List<Integer> sizes) throws ModelFormatException {
        List<Lowered.Layer> layers = new ArrayList<>();
        int at = 0;
        for (int size : sizes) {
            layers.add(operands.layer(new Op.Rearrange(Slices.of(shape, axis, at, size, 1)), call, "self"));
            at = Math.addExact(at, size);
        }
        return new Lowered.Several(layers);
    }

    private Lowered unbind(Call call) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        int axis = operands.axis(call, call.integer("dim", 0), shape.rank());
        List<Lowered.Layer> layers = new ArrayList<>();
        requirePieces(call, shape.dim(axis));
        for (int i = 0; i < shape.dim(axis); i++) {
            layers.add(operands.layer(new Op.Rearrange(Slices.of(shape, axis, i, 1, 1)), call, "self")
                    .then(new Op.Reshape(Slices.without(shape, axis))));
        }
        return new Lowered.Several(layers);
    }

    private Lowered indexSelect(Call call) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        int axis = operands.axis(call, call.integer("dim", 0), shape.rank());
        if (!(call.tensor("index") instanceof Slot.Fixed f)) {
            throw new NotSupportedException("Its indices depend on the image.");
        }
        return operands.layer(new Op.Rearrange(select(f.value(), axis, shape)), call, "self");
    }

    private static Rearrangement select(Known index, int axis, Shape shape) {
        List<Integer> indices = new ArrayList<>();
        for (long i : index.longs().data()) {
            indices.add(Math.toIntExact(i < 0 ? i + shape.dim(axis) : i));
        }
        return new Rearrangement.IndexSelect(axis, indices);
    }

    /**
     * x[:, a, b] with fixed integers on neighbouring axes. They broadcast; where each varies along axes of its own
     * (a [H,1], b [W]) they pick rows and columns one after the other, else the axes are joined and picked from at once.
     */
    private Lowered index(Call call) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        List<Optional<String>> given = call.optionalNames("indices");
        List<Integer> axes = IntStream.range(0, given.size()).filter(i -> given.get(i).isPresent()).boxed().toList();
        if (axes.isEmpty() || axes.getLast() >= shape.rank()) {
            throw call.error("picks along axes " + axes + " of " + shape);
        }
        List<Known> indices = new ArrayList<>();
        Known flat = Known.Longs.scalar(0);
        for (int axis : axes) {
            operands.axis(call, axis, shape.rank());
            String name = given.get(axis).orElseThrow();
            if (!(call.slot(name) instanceof Slot.Fixed f) || operands.said().type(name).filter(Dtype.BOOL::equals).isPresent()) {
                throw new NotSupportedException("Its indices depend on the image, or are truth values.");
            }
            Known extent = Known.Longs.scalar(shape.dim(axis));
            Known index = Elementwise.where(Elementwise.binary(Binary.LESS, f.value(), Known.Longs.scalar(0)),
                    Elementwise.binary(Binary.ADD, f.value(), extent), f.value()).longs();
            indices.add(index);
            flat = Elementwise.binary(Binary.ADD, Elementwise.binary(Binary.MUL, flat, extent), index);
        }
        int first = axes.getFirst();
        if (axes.getLast() - first + 1 != axes.size()) {
            throw new NotSupportedException("It picks by indices along axes that are no neighbours.");
        }
        Op result = new Op.Reshape(replaced(shape, first, axes.size(), flat.shape().dims()));
        String x = operands.node(call.tensor("self"));
        if (varyApart(indices, flat.shape())) {
            for (int i = 0; i < axes.size() - 1; i++) {
                x = operands.step(new Op.Rearrange(select(indices.get(i), axes.get(i), shape)), x);
            }
            return new Lowered.Layer(new Op.Rearrange(select(indices.getLast(), axes.getLast(), shape)), x).then(result);
        }
        Shape merged = replaced(shape, first, axes.size(), List.of(axes.stream().map(shape::dim).reduce(1, Math::multiplyExact)));
        return new Lowered.Layer(new Op.Rearrange(select(flat, first, merged)), operands.step(new Op.Reshape(merged), x))
                .then(result);
    }

    private static Shape replaced(Shape shape, int from, int count, List<Integer> by) {
        List<Integer> dims = new ArrayList<>(shape.dims().subList(0, from));
        dims.addAll(by);
        dims.addAll(shape.dims().subList(from + count, shape.rank()));
        return new Shape(dims);
    }

    /** Whether the indices vary along axes of their own, in order. */
    private static boolean varyApart(List<Known> indices, Shape joint) {
        int free = 0;
        for (Known index : indices) {
            for (int axis = 0; axis < index.shape().rank(); axis++) {
                int at = axis + joint.rank() - index.shape().rank();
                if (index.shape().dim(axis) > 1) {
                    if (at < free) {
                        return false;
                    }
                    free = at + 1;
                }
            }
        }
        return true;
    }

    /** A tensor with src in a stretch of an axis: what lies before it, src, and what lies behind. */
    private Lowered scatter(Call call) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        int extent = shape.dim(call.integer("dim", 0));
        long start = (long) call.number("start", 0);
        long end = (long) call.number("end", Long.MAX_VALUE);
        int from = (int) Math.clamp(start < 0 ? start + extent : start, 0, extent);
        int to = (int) Math.clamp(end < 0 ? end + extent : end, 0, extent);
        if (from == 0 && to == extent && call.number("step", 1) == 1) {
            return new Lowered.Alias(call.tensor("src"));
        }
        int axis = operands.axis(call, call.integer("dim", 0), shape.rank());
        if (call.number("step", 1) != 1 || from >= to) {
            throw new NotSupportedException("It writes into elements that are no neighbours.");
        }
        String self = operands.node(call, "self");
        List<String> parts = new ArrayList<>(Collections.singletonList(operands.node(call, "src")));
        if (from > 0) {
            parts.addFirst(operands.step(new Op.Rearrange(Slices.of(shape, axis, 0, from, 1)), self));
        }
        if (to < extent) {
            parts.addLast(operands.step(new Op.Rearrange(Slices.of(shape, axis, to, extent - to, 1)), self));
        }
        return new Lowered.Layer(new Op.Concat(axis), parts, List.of());
    }

    /** src in self's shape; what self held does not matter. */
    private Lowered copy(Call call) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        return operands.shape(call.tensor("src")).filter(shape::equals).isPresent() ? new Lowered.Alias(call.tensor("src"))
                : operands.layer(new Op.Rearrange(new Rearrangement.Expand(shape)), call, "src");
    }

    /** Differences of neighbours. */
    private Lowered diff(Call call) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        int axis = operands.axis(call, call.integer("dim", -1), shape.rank());
        int extent = shape.dim(axis);
        if (call.integer("n", 1) != 1 || call.has("prepend") || call.has("append") || extent < 2) {
            throw new NotSupportedException("The program takes first differences only, of what is there.");
        }
        String x = operands.node(call.tensor("self"));
        return new Lowered.Layer(new Op.Pairwise(PairFunction.SUB),
                operands.step(new Op.Rearrange(Slices.of(shape, axis, 1, extent - 1, 1)), x),
                operands.step(new Op.Rearrange(Slices.of(shape, axis, 0, extent - 1, 1)), x));
    }
}
