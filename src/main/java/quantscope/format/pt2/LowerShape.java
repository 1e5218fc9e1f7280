package quantscope.format.pt2;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Moving;
import quantscope.graph.Op;
import quantscope.tensor.Shape;

/** Operations that move elements without changing them. */
final class LowerShape {

    private final Operands operands;
    private final IntSupplier fixedBatch;

    /** @param fixedBatch the batch that the network was exported with, 1 where it is open */
    LowerShape(Operands operands, IntSupplier fixedBatch) {
        this.operands = operands;
        this.fixedBatch = fixedBatch;
    }

    Lowered concat(Call call) throws ModelFormatException {
        List<String> inputs = new ArrayList<>();
        for (Slot slot : call.tensors("tensors")) {
            inputs.add(operands.node(slot));
        }
        int rank = operands.shape(call.tensors("tensors").getFirst()).map(Shape::rank).orElse(4);
        return new Lowered.Layer(new Op.Concat(Math.floorMod(call.integer("dim", 0), rank)), inputs);
    }

    Lowered flatten(Call call) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        if (shape.rank() == 0) {
            throw new NotSupportedException("The program does not flatten a single number.");
        }
        int start = Math.floorMod(call.integer("start_dim", 0), shape.rank());
        int end = Math.floorMod(call.integer("end_dim", -1), shape.rank());
        if (start == 0 && end > 0 && fixedBatch.getAsInt() > 1) {
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
    Lowered reshape(Call call) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        long[] target = call.integers(call.has("size") ? "size" : "shape").stream().mapToLong(Long::longValue).toArray();
        if (target.length > 1 && target[0] == fixedBatch.getAsInt()) {
            target[0] = 1;
        }
        Shape to = Moving.reshapedShape(shape, target, false);
        boolean flat = to.rank() == 2 && to.dim(0) == 1 && shape.rank() == 4;
        return operands.layer(flat ? new Op.Flatten(1) : new Op.Reshape(to), call, "self");
    }

    Lowered squeeze(Call call, boolean squeeze) throws ModelFormatException {
        Shape shape = operands.knownShape(call, "self");
        long[] axes = call.integers("dim").stream().mapToLong(Long::longValue).toArray();
        if (axes.length == 0) {
            throw new NotSupportedException("Which axes it drops depends on the batch; name them in squeeze(dim).");
        }
        return operands.layer(new Op.Reshape(squeeze ? Moving.squeezedShape(shape, axes)
                : Moving.unsqueezedShape(shape, axes)), call, "self");
    }
}
