package quantscope.run;

import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.Rearrangement;
import quantscope.kernel.KernelSpec;
import quantscope.tensor.Shape;

/** Normalizations over groups of an image's own elements; group by group the elements are row-major neighbours. */
final class NormLowering {

    private NormLowering() { }

    static KernelSpec groups(Node node, Op.GroupNorm op) {
        Shape shape = node.requireShape();
        int pixels = shape.size() / shape.dim(0) / shape.dim(1);
        float[] weight = new float[shape.size()];
        float[] bias = new float[shape.size()];
        for (int i = 0; i < weight.length; i++) {
            int channel = i / pixels % shape.dim(1);
            weight[i] = op.weight().data()[channel];
            bias[i] = op.bias().data()[channel];
        }
        return new KernelSpec.Normalize(shape.dim(0) * op.groups(), order(shape), weight, bias, op.eps(), true);
    }

    static KernelSpec layer(Node node, Op.LayerNorm op) {
        Shape shape = node.requireShape();
        int length = op.weight().shape().size();
        float[] weight = new float[shape.size()];
        float[] bias = new float[shape.size()];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = op.weight().data()[i % length];
            bias[i] = op.bias().data()[i % length];
        }
        return new KernelSpec.Normalize(shape.size() / length, order(shape), weight, bias, op.eps(), op.center());
    }

    private static int[] order(Shape shape) {
        return TableLowering.rowMajor(shape, new Rearrangement.Expand(shape).offsets(shape, Layout.strides(shape)));
    }
}
