package quantscope.run;

import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.PoolGeometry;
import quantscope.graph.ValueType;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.PoolShape;
import quantscope.tensor.Shape;

/** Which kernel computes a pooling node. */
final class PoolLowering {

    private PoolLowering() { }

    static KernelSpec max(Node node, Node in, Op.MaxPool2d op) {
        PoolShape shape = shape(node, in, op.geometry());
        return switch (in.type()) {
            case ValueType.Float32 f -> new KernelSpec.MaxPool(shape);
            case ValueType.Int8 i -> new KernelSpec.Int8MaxPool(shape);
        };
    }

    static KernelSpec average(Node node, Node in, Op.AvgPool2d op, boolean channelsLast) {
        PoolShape shape = shape(node, in, op.geometry());
        return switch (in.type()) {
            case ValueType.Float32 f -> new KernelSpec.AvgPool(shape, op.countIncludePad());
            case ValueType.Int8 i -> new KernelSpec.Int8AvgPool(shape, op.countIncludePad(), i.params().zeroPoint(),
                    channelsLast ? shape.channels() & -16 : 0);
        };
    }

    static KernelSpec adaptive(Node node, Node in) {
        Shape x = in.requireShape();
        Shape y = node.requireShape();
        return switch (in.type()) {
            case ValueType.Float32 f -> new KernelSpec.AdaptiveAvgPool(x.dim(1), x.dim(2), x.dim(3), y.dim(2),
                    y.dim(3));
            case ValueType.Int8 i -> new KernelSpec.Int8AdaptiveAvgPool(x.dim(1), x.dim(2), x.dim(3), y.dim(2),
                    y.dim(3), i.params().zeroPoint());
        };
    }

    private static PoolShape shape(Node node, Node in, PoolGeometry g) {
        Shape x = in.requireShape();
        Shape y = node.requireShape();
        return new PoolShape(x.dim(1), x.dim(2), x.dim(3), y.dim(2), y.dim(3), g.kernelH(), g.kernelW(), g.strideH(),
                g.strideW(), g.padTop(), g.padLeft(), g.padBottom(), g.padRight(), g.dilationH(), g.dilationW());
    }
}
