package quantscope.format.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Moving;
import quantscope.graph.Op;
import quantscope.tensor.Shape;

/** Operators that pass values on, move them, or join them; where elements would have to change places, none is run. */
final class ShapeOperators {

    private ShapeOperators() { }

    static void register(Map<String, Operator> operators) {
        operators.put("Identity", call -> call.emit(new Op.Identity(), call.source(0)));
        operators.put("Dropout", call -> call.emit(new Op.Dropout(), call.source(0)));
        operators.put("Cast", ShapeOperators::cast);
        operators.put("Flatten", ShapeOperators::flatten);
        operators.put("Reshape", ShapeOperators::reshape);
        operators.put("Squeeze", call -> to(call, Moving.squeezedShape(call.shape(0), axes(call))));
        operators.put("Unsqueeze", call -> to(call, Moving.unsqueezedShape(call.shape(0), axes(call))));
        operators.put("Transpose", ShapeOperators::transpose);
        operators.put("Expand", ShapeOperators::expand);
        operators.put("Slice", ShapeOperators::slice);
        operators.put("Concat", ShapeOperators::concat);
        operators.put("Pad", ShapeOperators::pad);
    }

    private static void cast(Call call) throws NotSupportedException, ModelFormatException {
        int to = call.attributes().integer("to", 1);
        if (!ElementType.of(to).map(ElementType::floating).orElse(false)) {
            throw new NotSupportedException("it makes integers or truth values of its input (type " + to + ")");
        }
        call.emit(new Op.Identity(), call.source(0));
    }

    private static void flatten(Call call) throws NotSupportedException, ModelFormatException {
        Shape shape = call.shape(0);
        int given = call.attributes().integer("axis", 1);
        int axis = given < 0 ? given + shape.rank() : given;
        if (axis < 0 || axis > shape.rank()) {
            throw call.error("axis " + given + " is outside of " + shape);
        }
        to(call, Moving.reshapedShape(shape,
                new long[] {new Shape(shape.dims().subList(0, axis)).elements(), -1}, false));
    }

    private static void reshape(Call call) throws NotSupportedException, ModelFormatException {
        Shape shape = call.shape(0);
        long[] target = call.known(1, "shape").longs().data().clone();
        boolean zeroCopies = call.attributes().integer("allowzero", 0) == 0;
        // The file's own batch, where it is fixed, is 1 here.
        if (target.length > 0 && call.batch() > 1 && target[0] == call.batch()) {
            target[0] = 1;
        }
        to(call, Moving.reshapedShape(shape, target, zeroCopies));
    }

    /** The same elements in another shape, which must keep one image one image. */
    private static void to(Call call, Shape target) throws NotSupportedException, ModelFormatException {
        Shape shape = call.shape(0);
        if (target.rank() == 0 || target.dim(0) != 1) {
            throw new NotSupportedException("it turns " + shape + " into " + target
                    + ", which mixes the batch with other axes");
        }
        Op op = target.equals(shape) ? new Op.Identity()
                : target.rank() == 2 && shape.rank() > 2 ? new Op.Flatten(1) : new Op.Reshape(target);
        call.emit(op, call.source(0));
    }

    private static long[] axes(Call call) throws NotSupportedException, ModelFormatException {
        return call.has(1) ? call.known(1, "axes").longs().data() : call.attributes().integers("axes");
    }

    /** A reshape where only axes of extent 1 move. */
    private static void transpose(Call call) throws NotSupportedException, ModelFormatException {
        Shape shape = call.shape(0);
        int[] reversed = IntStream.range(0, shape.rank()).map(i -> shape.rank() - 1 - i).toArray();
        int[] order = call.attributes().perAxis("perm", 0, reversed);
        List<Integer> moved = new ArrayList<>();
        boolean[] seen = new boolean[order.length];
        int[] dims = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            if (order[i] >= order.length || seen[order[i]]) {
                throw call.error("perm " + Arrays.toString(order) + " is no permutation of the axes of " + shape);
            }
            seen[order[i]] = true;
            dims[i] = shape.dim(order[i]);
            if (dims[i] != 1) {
                moved.add(order[i]);
            }
        }
        if (!moved.equals(moved.stream().sorted().toList())) {
            throw new NotSupportedException("it changes the order of elements (perm " + Arrays.toString(order)
                    + " of " + shape + ")");
        }
        to(call, Shape.of(dims));
    }

    private static void expand(Call call) throws NotSupportedException, ModelFormatException {
        long[] target = call.known(1, "shape").longs().data();
        Shape shape = call.shape(0);
        for (int i = 1; i <= target.length; i++) {
            boolean same = target[target.length - i] == 1
                    || i <= shape.rank() && target[target.length - i] == shape.dim(-i);
            if (!same || i > shape.rank()) {
                throw new NotSupportedException("it repeats " + shape + " to " + Arrays.toString(target));
            }
        }
        call.emit(new Op.Identity(), call.source(0));
    }

    /** Only where nothing is cut away. */
    private static void slice(Call call) throws NotSupportedException, ModelFormatException {
        Shape shape = call.shape(0);
        boolean attributes = call.opset() < 10;
        long[] starts = attributes ? call.attributes().integers("starts") : call.known(1, "starts").longs().data();
        long[] ends = attributes ? call.attributes().integers("ends") : call.known(2, "ends").longs().data();
        long[] all = IntStream.range(0, starts.length).mapToLong(i -> i).toArray();
        long[] axes = attributes ? call.attributes().integers("axes", all)
                : call.has(3) ? call.known(3, "axes").longs().data() : all;
        for (int i = 0; i < starts.length; i++) {
            long axis = i < axes.length ? axes[i] < 0 ? axes[i] + shape.rank() : axes[i] : -1;
            if (axis < 0 || axis >= shape.rank() || i >= ends.length) {
                throw call.error("starts, ends and axes do not fit " + shape);
            }
            long step = call.has(4) ? call.known(4, "steps").longs().data()[i] : 1;
            if (step != 1 || starts[i] > 0 || starts[i] < 0 && starts[i] > -shape.dim((int) axis)
                    || ends[i] < shape.dim((int) axis)) {
                throw new NotSupportedException("it cuts a piece out of " + shape);
            }
        }
        call.emit(new Op.Identity(), call.source(0));
    }

    private static void concat(Call call) throws NotSupportedException, ModelFormatException {
        int rank = call.shape(0).rank();
        int given = call.attributes().integer("axis", 1);
        int axis = given < 0 ? given + rank : given;
        if (axis == 0 && call.inputs() > 1) {
            throw new NotSupportedException("it joins along the batch");
        }
        String[] sources = new String[call.inputs()];
        for (int i = 0; i < sources.length; i++) {
            if (call.isKnown(i)) {
                call.weights(i, "constant");
            }
            sources[i] = call.source(i);
        }
        call.emit(new Op.Concat(axis), sources);
    }

    /** Zeros around an image are held back for the convolution behind them. */
    private static void pad(Call call) throws NotSupportedException, ModelFormatException {
        Shape shape = call.shape(0);
        long[] pads = call.has(1) ? call.known(1, "pads").longs().data() : call.attributes().integers("pads");
        float value = call.has(2) ? call.scalar(2, "value") : call.attributes().number("value", 0);
        if (call.has(3)) {
            pads = spread(call, pads, call.known(3, "axes").longs().data(), shape.rank());
        }
        if (pads.length != 2 * shape.rank()) {
            throw call.error("has " + pads.length + " pads, expected " + 2 * shape.rank() + " for input " + shape);
        }
        if (Arrays.stream(pads).allMatch(p -> p == 0)) {
            call.emit(new Op.Identity(), call.source(0));
            return;
        }
        boolean around = shape.rank() == 4 && pads[0] == 0 && pads[1] == 0 && pads[4] == 0 && pads[5] == 0
                && Arrays.stream(pads).allMatch(p -> p >= 0 && p < 1 << 20);
        String mode = call.attributes().text("mode", "constant");
        if (!around || value != 0 || !mode.equals("constant")) {
            throw new NotSupportedException("only zeros around height and width, directly before a convolution, are"
                    + " supported; this is mode " + mode + ", value " + value + ", pads " + Arrays.toString(pads));
        }
        call.holdBack(new ZeroPad(call.node(), call.source(0), (int) pads[2], (int) pads[3], (int) pads[6],
                (int) pads[7]));
    }

    private static long[] spread(Call call, long[] pads, long[] axes, int rank) throws ModelFormatException {
        long[] all = new long[2 * rank];
        for (int i = 0; i < axes.length; i++) {
            long axis = axes[i] < 0 ? axes[i] + rank : axes[i];
            if (axis < 0 || axis >= rank || pads.length != 2 * axes.length) {
                throw call.error("pads and axes do not fit its input of rank " + rank);
            }
            all[(int) axis] = pads[i];
            all[(int) axis + rank] = pads[i + axes.length];
        }
        return all;
    }
}
