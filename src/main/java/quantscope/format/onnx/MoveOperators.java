package quantscope.format.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import quantscope.format.ModelFormatException;
import quantscope.graph.Op;
import quantscope.graph.Rearrangement;
import quantscope.tensor.Shape;

/** Operators that move, repeat or leave out elements. */
final class MoveOperators {

    private MoveOperators() { }

    static void register(Map<String, Operator> operators) {
        operators.put("Transpose", MoveOperators::transpose);
        operators.put("Expand", MoveOperators::expand);
        operators.put("Tile", MoveOperators::tile);
        operators.put("Slice", MoveOperators::slice);
        operators.put("Gather", MoveOperators::gather);
        operators.put("Split", MoveOperators::split);
        operators.put("Pad", PadOperator::pad);
        operators.put("DepthToSpace", MoveOperators::depthToSpace);
        operators.put("SpaceToDepth", MoveOperators::spaceToDepth);
    }

    /** A reshape where only axes of extent 1 move. */
    private static void transpose(Call call) throws NotSupportedException, ModelFormatException {
        Shape shape = call.shape(0);
        int[] reversed = IntStream.range(0, shape.rank()).map(i -> shape.rank() - 1 - i).toArray();
        int[] order = call.attributes().perAxis("perm", 0, reversed);
        List<Integer> dims = Arrays.stream(order).boxed().toList();
        if (!dims.stream().sorted().toList().equals(IntStream.range(0, shape.rank()).boxed().toList())) {
            throw call.error("perm " + dims + " is no permutation of the axes of " + shape);
        }
        if (shape.rank() > 0 && order[0] != 0 && !call.oneImage()) {
            throw NotSupportedException.mixing("it moves the batch to another axis (perm " + dims + " of " + shape + ")");
        }
        List<Integer> moved = dims.stream().filter(axis -> shape.dim(axis) != 1).toList();
        Rearrangement.Permute permute = new Rearrangement.Permute(dims);
        boolean inOrder = moved.equals(moved.stream().sorted().toList());
        call.emit(inOrder ? ShapeOperators.reshaped(shape, permute.shape(shape)) : new Op.Rearrange(permute), call.source(0));
    }

    private static void expand(Call call) throws NotSupportedException, ModelFormatException {
        long[] target = call.known(1, "shape").longs().data();
        Shape shape = call.shape(0);
        int rank = Math.max(target.length, shape.rank());
        List<Integer> dims = new ArrayList<>(Collections.nCopies(rank, 1));
        for (int i = 1; i <= rank; i++) {
            long wanted = i <= target.length ? target[target.length - i] : 1;
            int own = i <= shape.rank() ? shape.dim(-i) : 1;
            // The file's own batch, where it is fixed, is 1 here.
            boolean batch = i == shape.rank() && wanted == call.batch();
            dims.set(rank - i, wanted == 1 || batch ? own : Math.toIntExact(wanted));
        }
        Shape expanded = new Shape(dims);
        if (!call.oneImage() && (expanded.rank() != shape.rank() || expanded.dim(0) != 1)) {
            throw NotSupportedException.mixing("it repeats images (" + shape + " to " + Arrays.toString(target) + ")");
        }
        call.emit(expanded.equals(shape) ? new Op.Identity() : new Op.Rearrange(new Rearrangement.Expand(expanded)),
                call.source(0));
    }

    private static void tile(Call call) throws NotSupportedException, ModelFormatException {
        long[] repeats = call.known(1, "repeats").longs().data();
        Shape shape = call.shape(0);
        if (repeats.length != shape.rank() || Arrays.stream(repeats).anyMatch(r -> r < 1 || r > Integer.MAX_VALUE)) {
            throw call.error("repeats " + Arrays.toString(repeats) + " do not fit " + shape);
        }
        if (repeats.length > 0 && repeats[0] != 1 && !call.oneImage()) {
            throw NotSupportedException.mixing("it repeats the batch");
        }
        call.emit(new Op.Rearrange(new Rearrangement.Tile(ints(repeats))), call.source(0));
    }

    private static List<Integer> ints(long[] values) {
        return LongStream.of(values).mapToObj(Math::toIntExact).toList();
    }

    private static void slice(Call call) throws NotSupportedException, ModelFormatException {
        Shape shape = call.shape(0);
        boolean attributes = call.opset() < 10;
        long[] starts = attributes ? call.attributes().integers("starts") : call.known(1, "starts").longs().data();
        long[] ends = attributes ? call.attributes().integers("ends") : call.known(2, "ends").longs().data();
        long[] all = IntStream.range(0, starts.length).mapToLong(i -> i).toArray();
        long[] axes = attributes ? call.attributes().integers("axes", all)
                : call.has(3) ? call.known(3, "axes").longs().data() : all;
        long[] ones = new long[starts.length];
        Arrays.fill(ones, 1);
        long[] steps = call.has(4) ? call.known(4, "steps").longs().data() : ones;
        if (ends.length != starts.length || axes.length != starts.length || steps.length != starts.length) {
            throw call.error("starts, ends, axes and steps do not fit each other");
        }
        List<Integer> from = new ArrayList<>(Collections.nCopies(shape.rank(), 0));
        List<Integer> sizes = new ArrayList<>(shape.dims());
        List<Integer> by = new ArrayList<>(Collections.nCopies(shape.rank(), 1));
        for (int i = 0; i < starts.length; i++) {
            long axis = axes[i] < 0 ? axes[i] + shape.rank() : axes[i];
            if (axis < 0 || axis >= shape.rank() || steps[i] == 0 || steps[i] == Long.MIN_VALUE) {
                throw call.error("starts, ends, axes and steps do not fit " + shape);
            }
            cut((int) axis, starts[i], ends[i], steps[i], from, sizes, by);
            if (axis == 0 && !call.oneImage() && (starts[i] != 0 || ends[i] < call.batch() || steps[i] != 1)) {
                throw NotSupportedException.mixing("it cuts a piece out of the batch");
            }
        }
        if (sizes.contains(0)) {
            throw new NotSupportedException("nothing of " + shape + " is left");
        }
        call.emit(sizes.equals(shape.dims()) && by.stream().allMatch(s -> s == 1) ? new Op.Identity()
                : new Op.Rearrange(new Rearrangement.Slice(from, sizes, by)), call.source(0));
    }

    /** By Python's rules. */
    private static void cut(int axis, long start, long end, long step, List<Integer> from, List<Integer> sizes,
                            List<Integer> by) {
        int extent = sizes.get(axis);
        long low = step > 0 ? 0 : -1;
        long high = step > 0 ? extent : extent - 1L;
        long first = Math.clamp(start < 0 ? Math.max(start, -extent - 1L) + extent : start, low, high);
        long last = Math.clamp(end < 0 ? Math.max(end, -extent - 1L) + extent : end, low, high);
        long span = step > 0 ? last - first : first - last;
        long size = span <= 0 ? 0 : (span - 1) / Math.abs(step) + 1;
        from.set(axis, (int) first);
        sizes.set(axis, (int) size);
        by.set(axis, size < 2 ? 1 : Math.toIntExact(step));
    }

    /** Along an axis of images, with indices that are known. */
    private static void gather(Call call) throws NotSupportedException, ModelFormatException {
        if (call.isKnown(0)) {
            throw new NotSupportedException("it looks up entries of a table by values that the network computes");
        }
        Shape shape = call.shape(0);
        int axis = call.axis("axis", 0, shape.rank());
        Batch.requireInside(call, axis, "chooses images of");
        Shape wanted = call.known(1, "indices").shape();
        long[] given = call.known(1, "indices").longs().data();
        List<Integer> indices = new ArrayList<>();
        for (long index : given) {
            long positive = index < 0 ? index + shape.dim(axis) : index;
            if (positive < 0 || positive >= shape.dim(axis)) {
                throw call.error("index " + index + " is outside of axis " + axis + " of " + shape);
            }
            indices.add((int) positive);
        }
        if (indices.isEmpty()) {
            throw new NotSupportedException("nothing is left of " + shape);
        }
        String chosen = call.emit(new Op.Rearrange(new Rearrangement.IndexSelect(axis, indices)), call.source(0));
        if (wanted.rank() != 1) {
            List<Integer> dims = new ArrayList<>(shape.dims());
            dims.remove(axis);
            dims.addAll(axis, wanted.dims());
            call.emitMore("view", new Op.Reshape(new Shape(dims)), chosen);
        }
    }

    /** A slice for each output that is used. */
    private static void split(Call call) throws NotSupportedException, ModelFormatException {
        Shape shape = call.shape(0);
        int axis = call.axis("axis", 0, shape.rank());
        Batch.requireInside(call, axis, "splits");
        int parts = call.node().outputs().size();
        int each = (shape.dim(axis) + parts - 1) / parts;
        long[] sizes = new long[parts];
        for (int i = 0; i < parts; i++) {
            sizes[i] = Math.clamp(shape.dim(axis) - (long) i * each, 0, each);
        }
        sizes = call.has(1) ? call.known(1, "split").longs().data() : call.attributes().integers("split", sizes);
        if (sizes.length != parts || Arrays.stream(sizes).anyMatch(s -> s < 0 || s > shape.dim(axis))
                || Arrays.stream(sizes).sum() != shape.dim(axis)) {
            throw call.error("split " + Arrays.toString(sizes) + " does not divide axis " + axis + " of " + shape + " into "
                    + parts + " outputs");
        }
        int start = 0;
        for (int i = 0; i < parts; i++) {
            if (call.isUsed(i)) {
                if (sizes[i] == 0) {
                    throw new NotSupportedException("its output " + i + " is empty");
                }
                List<Integer> starts = new ArrayList<>(Collections.nCopies(shape.rank(), 0));
                starts.set(axis, start);
                call.emitOutput(i, new Op.Rearrange(new Rearrangement.Slice(starts, shape.with(axis, (int) sizes[i]).dims(),
                        Collections.nCopies(shape.rank(), 1))), call.source(0));
            }
            start += (int) sizes[i];
        }
    }

    private static int block(Call call, Shape shape) throws NotSupportedException, ModelFormatException {
        if (shape.rank() != 4) {
            throw call.error("its input " + shape + " is no image [N,C,H,W]");
        }
        int block = call.attributes().integer("blocksize", 0);
        if (block < 1) {
            throw call.error("blocksize is " + block + ", expected at least 1");
        }
        return block;
    }

    private static void depthToSpace(Call call) throws NotSupportedException, ModelFormatException {
        Shape x = call.shape(0);
        int b = block(call, x);
        int channels = x.dim(1) / b / b;
        if (channels * b * b != x.dim(1)) {
            throw call.error(x.dim(1) + " channels are no blocks of " + b + " x " + b);
        }
        boolean channelsFirst = call.attributes().text("mode", "DCR").equals("CRD");
        Shape split = channelsFirst ? Shape.of(1, channels, b, b, x.dim(2), x.dim(3))
                : Shape.of(1, b, b, channels, x.dim(2), x.dim(3));
        blocks(call, split, channelsFirst ? List.of(0, 1, 4, 2, 5, 3) : List.of(0, 3, 4, 1, 5, 2),
                Shape.of(1, channels, x.dim(2) * b, x.dim(3) * b));
    }

    private static void spaceToDepth(Call call) throws NotSupportedException, ModelFormatException {
        Shape x = call.shape(0);
        int b = block(call, x);
        if (x.dim(2) % b != 0 || x.dim(3) % b != 0) {
            throw call.error("height and width of " + x + " are no multiples of blocksize " + b);
        }
        boolean channelsFirst = call.attributes().text("mode", "DCR").equals("CRD");
        blocks(call, Shape.of(1, x.dim(1), x.dim(2) / b, b, x.dim(3) / b, b),
                channelsFirst ? List.of(0, 1, 3, 5, 2, 4) : List.of(0, 3, 5, 1, 2, 4),
                Shape.of(1, x.dim(1) * b * b, x.dim(2) / b, x.dim(3) / b));
    }

    private static void blocks(Call call, Shape split, List<Integer> order, Shape target) throws ModelFormatException {
        String parts = call.emitMore("split", new Op.Reshape(split), call.source(0));
        String moved = call.emitMore("permute", new Op.Rearrange(new Rearrangement.Permute(order)), parts);
        call.emit(new Op.Reshape(target), moved);
    }
}
