package quantscope.format.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import quantscope.format.ModelFormatException;
import quantscope.graph.Op;
import quantscope.graph.PairFunction;
import quantscope.graph.Reduction;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Reductions over axes, and products of two inputs' matrices. */
final class ReduceOperators {

    private ReduceOperators() { }

    static void register(Map<String, Operator> operators) {
        Map.of("ReduceSum", Reduction.SUM, "ReduceMean", Reduction.MEAN, "ReduceMax", Reduction.MAX, "ReduceMin", Reduction.MIN,
                "ReduceProd", Reduction.PROD, "ReduceL1", Reduction.L1, "ReduceL2", Reduction.L2, "ReduceSumSquare",
                Reduction.SUM_SQUARE, "ReduceLogSum", Reduction.LOG_SUM, "ReduceLogSumExp", Reduction.LOG_SUM_EXP)
                .forEach((name, reduction) -> operators.put(name, call -> reduce(call, reduction)));
        operators.put("LpNormalization", ReduceOperators::lpNormalization);
    }

    /** The mean over height and width is PyTorch's adaptive average pool to 1 x 1. */
    private static void reduce(Call call, Reduction reduction) throws NotSupportedException, ModelFormatException {
        Shape shape = call.shape(0);
        boolean keep = call.attributes().integer("keepdims", 1) != 0;
        long[] given = call.has(1) ? call.known(1, "axes").longs().data() : call.attributes().integers("axes");
        if (given.length == 0 && call.attributes().integer("noop_with_empty_axes", 0) != 0) {
            call.emit(new Op.Identity(), call.source(0));
            return;
        }
        List<Integer> axes = new ArrayList<>();
        for (long axis : given.length == 0 ? IntStream.range(0, shape.rank()).asLongStream().toArray() : given) {
            long positive = axis < 0 ? axis + shape.rank() : axis;
            if (positive < 0 || positive >= shape.rank()) {
                throw call.error("axes " + Arrays.toString(given) + " are not all inside of " + shape);
            }
            Batch.requireInside(call, (int) positive, "joins the images of");
            axes.add((int) positive);
        }
        axes.sort(null);
        if (reduction == Reduction.MEAN && shape.rank() == 4 && axes.equals(List.of(2, 3))) {
            String mean = call.emit(new Op.AdaptiveAvgPool2d(1, 1), call.source(0));
            if (!keep) {
                call.emitMore("flatten", new Op.Flatten(1), mean);
            }
            return;
        }
        call.emit(new Op.Reduce(reduction, axes, keep), call.source(0));
    }

    private static void lpNormalization(Call call) throws NotSupportedException, ModelFormatException {
        Shape shape = call.shape(0);
        int axis = call.axis("axis", -1, shape.rank());
        Batch.requireInside(call, axis, "normalizes along");
        int p = call.attributes().integer("p", 2);
        if (p != 1 && p != 2) {
            throw call.error("p is " + p + ", expected 1 or 2");
        }
        String norm = call.emitMore("norm", new Op.Reduce(p == 1 ? Reduction.L1 : Reduction.L2, List.of(axis), true),
                call.source(0));
        // What has no length stays 0.
        String divisor = call.emitMore("divisor", new Op.Where(), norm, norm, call.constant("one", FloatTensor.of(Shape.of(), 1)));
        call.emit(new Op.Pairwise(PairFunction.DIV), call.source(0), divisor);
    }
}
