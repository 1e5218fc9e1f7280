package quantscope.format.onnx;

import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Moving;
import quantscope.graph.Op;
import quantscope.tensor.Shape;

/** Operators that pass values on, give them another shape, or join them. */
final class ShapeOperators {

    private ShapeOperators() { }

    static void register(Map<String, Operator> operators) {
        operators.put("Identity", call -> call.emit(new Op.Identity(), call.source(0)));
        operators.put("Dropout", ShapeOperators::dropout);
        operators.put("Cast", ShapeOperators::cast);
        operators.put("CastLike", call -> call.emit(new Op.Identity(), call.source(0)));
        operators.put("Flatten", ShapeOperators::flatten);
        operators.put("Reshape", ShapeOperators::reshape);
        operators.put("Squeeze", ShapeOperators::squeeze);
        operators.put("Unsqueeze", ShapeOperators::unsqueeze);
        operators.put("Concat", ShapeOperators::concat);
    }

    private static void dropout(Call call) throws NotSupportedException, ModelFormatException {
        if (call.has(2) && call.scalar(2, "training mode") != 0) {
            throw new NotSupportedException("it is exported in training mode; export the model after model.eval()");
        }
        call.emit(new Op.Dropout(), call.source(0));
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
        to(call, x -> Moving.reshapedShape(x, new long[] {new Shape(x.dims().subList(0, axis)).elements(), -1}, false));
    }

    private static void reshape(Call call) throws NotSupportedException, ModelFormatException {
        long[] target = call.known(1, "shape").longs().data();
        boolean zeroCopies = call.attributes().integer("allowzero", 0) == 0;
        if (!zeroCopies && Arrays.stream(target).anyMatch(d -> d == 0)) {
            throw new NotSupportedException("its result is empty");
        }
        to(call, x -> Moving.reshapedShape(x, target, zeroCopies));
    }

    private static void squeeze(Call call) throws NotSupportedException, ModelFormatException {
        long[] axes = axes(call);
        to(call, x -> Moving.squeezedShape(x, axes));
    }

    private static void unsqueeze(Call call) throws NotSupportedException, ModelFormatException {
        long[] axes = axes(call);
        to(call, x -> Moving.unsqueezedShape(x, axes));
    }

    private static long[] axes(Call call) throws NotSupportedException, ModelFormatException {
        return call.has(1) ? call.known(1, "axes").longs().data() : call.attributes().integers("axes");
    }

    /** The same elements in another shape, which must keep each image of the file's batch by itself. */
    private static void to(Call call, UnaryOperator<Shape> change) throws NotSupportedException, ModelFormatException {
        Shape shape = call.shape(0);
        Shape batch = shape.rank() > 0 ? shape.with(0, Math.multiplyExact(shape.dim(0), call.batch())) : shape;
        Shape all = change.apply(batch);
        if (!call.oneImage() && (all.rank() == 0 || all.dim(0) != call.batch())) {
            throw NotSupportedException.mixing("it turns " + batch + " into " + all + ", which mixes the batch with other axes");
        }
        call.emit(reshaped(shape, call.oneImage() ? all : all.with(0, 1)), call.source(0));
    }

    static Op reshaped(Shape shape, Shape target) {
        return target.equals(shape) ? new Op.Identity()
                : target.rank() == 2 && shape.rank() > 2 && target.dim(0) == shape.dim(0) ? new Op.Flatten(1) : new Op.Reshape(target);
    }

    private static void concat(Call call) throws NotSupportedException, ModelFormatException {
        int axis = call.axis("axis", 1, call.shape(0).rank());
        if (call.inputs() > 1) {
            if (axis == 0 && !call.oneImage()) {
                throw NotSupportedException.mixing("it joins along the batch");
            }
            Batch.requireImagewise(call);
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
}
