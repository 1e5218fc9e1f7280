package quantscope.format.pt2;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.FoldException;
import quantscope.format.fold.Moving;
import quantscope.graph.Op;
import quantscope.tensor.Shape;

/** Operations that give the same elements another shape. */
final class LowerShape implements Lowering {

    private final Operands operands;

    LowerShape(Operands operands) {
        this.operands = operands;
    }

    @Override
    public Optional<Lowered> lower(Call call, String operator) throws ModelFormatException {
        return Optional.ofNullable(switch (operator) {
            case "aten.flatten" -> flatten(call);
            case "aten.view", "aten.reshape", "aten._unsafe_view", "aten.view_copy" -> reshape(call);
            case "aten.unflatten" -> unflatten(call);
            case "aten.view_as", "aten.reshape_as" -> operands.layer(
                    new Op.Reshape(operands.knownShape(call, "other")), call, "self");
            case "aten.squeeze", "aten.squeeze_copy" -> squeeze(call, true);
            case "aten.unsqueeze", "aten.unsqueeze_copy" -> squeeze(call, false);
            default -> null;
        });
    }

    private Lowered flatten(Call call) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        if (shape.rank() == 0) {
            throw new NotSupportedException("The program does not flatten a single number.");
        }
        int start = Math.floorMod(call.integer("start_dim", 0), shape.rank());
        int end = Math.floorMod(call.integer("end_dim", -1), shape.rank());
        if (start == 0 && end > 0 && operands.fixedBatch() > 1) {
            throw new NotSupportedException("It joins the batch's images.");
        }
        if (end == shape.rank() - 1) {
            return operands.layer(new Op.Flatten(start), call, "self");
        }
        if (start > end) {
            throw call.error("flattens from axis " + start + " to " + end);
        }
        List<Integer> dims = new ArrayList<>(shape.dims().subList(0, start));
        int joined = 1;
        for (int axis = start; axis <= end; axis++) {
            joined = Math.multiplyExact(joined, shape.dim(axis));
        }
        dims.add(joined);
        dims.addAll(shape.dims().subList(end + 1, shape.rank()));
        return operands.layer(new Op.Reshape(new Shape(dims)), call, "self");
    }

    /** A fixed batch in the target becomes the one image of the graph. */
    private Lowered reshape(Call call) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        long[] target = call.integers(call.has("size") ? "size" : "shape").stream().mapToLong(Long::longValue).toArray();
        if (target.length > 1 && target[0] == operands.fixedBatch()) {
            target[0] = 1;
        }
        Shape to = reshaped(shape, target);
        boolean flat = to.rank() == 2 && to.dim(0) == 1 && shape.rank() == 4;
        return operands.layer(flat ? new Op.Flatten(1) : new Op.Reshape(to), call, "self");
    }

    private Shape reshaped(Shape from, long[] target) {
        try {
            return Moving.reshapedShape(from, target, false);
        } catch (FoldException e) {
            if (operands.fixedBatch() > 1) {
                throw new NotSupportedException("It joins the " + operands.fixedBatch() + " images that the network was"
                        + " exported with; export it with one image, or with an open batch.");
            }
            throw e;
        }
    }

    /** One axis as several. */
    private Lowered unflatten(Call call) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        int axis = operands.axis(call, call.integer("dim", 0), shape.rank());
        List<Long> sizes = new ArrayList<>();
        shape.dims().subList(0, axis).forEach(d -> sizes.add((long) d));
        sizes.addAll(call.integers("sizes"));
        shape.dims().subList(axis + 1, shape.rank()).forEach(d -> sizes.add((long) d));
        return operands.layer(new Op.Reshape(Moving.reshapedShape(shape, sizes.stream().mapToLong(i -> i).toArray(), false)),
                call, "self");
    }

    private Lowered squeeze(Call call, boolean squeeze) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        long[] axes = call.integers("dim").stream().mapToLong(Long::longValue).toArray();
        if (axes.length == 0) {
            throw new NotSupportedException("Which axes it drops depends on the batch; name them in squeeze(dim).");
        }
        return operands.layer(new Op.Reshape(squeeze ? Moving.squeezedShape(shape, axes)
                : Moving.unsqueezedShape(shape, axes)), call, "self");
    }
}
