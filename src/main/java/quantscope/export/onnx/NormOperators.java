package quantscope.export.onnx;

import static quantscope.export.onnx.OnnxGraph.number;
import static quantscope.export.onnx.OnnxGraph.numbers;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Normalizations over an image's own elements. */
final class NormOperators {

    private final Steps steps;

    NormOperators(Steps steps) {
        this.steps = steps;
    }

    /** Groups of channels are instances of their own once they lie along one axis: GroupNormalization came with opset 18. */
    void group(Node node, String value, Op.GroupNorm op, String x) {
        Shape shape = node.requireShape();
        int channels = shape.dim(1);
        if (op.groups() == channels && shape.rank() > 2) {
            steps.node("InstanceNormalization", value, List.of(x, steps.constant(node, "weight", op.weight()),
                    steps.constant(node, "bias", op.bias())), number("epsilon", op.eps()));
            return;
        }
        String grouped = steps.step(node, "Reshape", x, steps.longs(node, "groups", 0, op.groups(), -1));
        float[] ones = new float[op.groups()];
        Arrays.fill(ones, 1);
        String normal = steps.step(node, "InstanceNormalization", List.of(grouped,
                steps.constant(node, "ones", FloatTensor.vector(ones)),
                steps.constant(node, "zeros", FloatTensor.zeros(Shape.of(op.groups())))), number("epsilon", op.eps()));
        int[] extents = shape.toArray();
        extents[0] = -1;
        String back = steps.step(node, "Reshape", normal, steps.longs(node, "shape", extents));
        int[] each = new int[shape.rank() - 1];
        Arrays.fill(each, 1);
        each[0] = channels;
        String scaled = steps.step(node, "Mul", back, steps.constant(node, "weight", op.weight().reshaped(Shape.of(each))));
        steps.node("Add", value, List.of(scaled, steps.constant(node, "bias", op.bias().reshaped(Shape.of(each)))));
    }

    void layer(Node node, String value, Op.LayerNorm op, String x) {
        String weight = steps.constant(node, "weight", op.weight());
        String bias = steps.constant(node, "bias", op.bias());
        if (op.center()) {
            steps.node("LayerNormalization", value, List.of(x, weight, bias), number("axis", op.axis()),
                    number("epsilon", op.eps()));
            return;
        }
        int[] axes = IntStream.range(op.axis(), node.requireShape().rank()).toArray();
        String mean = steps.step(node, "ReduceMean", List.of(steps.step(node, "Mul", x, x)), numbers("axes", axes));
        String root = steps.step(node, "Sqrt", steps.step(node, "Add", mean, steps.scalar(node, "eps", op.eps())));
        String scaled = steps.step(node, "Mul", steps.step(node, "Div", x, root), weight);
        steps.node("Add", value, List.of(scaled, bias));
    }
}
