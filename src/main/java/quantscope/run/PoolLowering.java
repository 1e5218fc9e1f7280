package quantscope.run;

import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.PoolGeometry;
import quantscope.graph.ValueType;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.PoolShape;
import quantscope.quant.Profile;
import quantscope.quant.QuantParams;
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

    static KernelSpec lp(Node node, Node in, Op.LPPool2d op) {
        return new KernelSpec.LpPool(shape(node, in, op.geometry()), op.order());
    }

    static KernelSpec average(Node node, Node in, Op.AvgPool2d op, boolean channelsLast, Profile profile) {
        PoolShape shape = shape(node, in, op.geometry());
        return switch (in.type()) {
            case ValueType.Float32 f -> new KernelSpec.AvgPool(shape, op.countIncludePad());
            case ValueType.Int8 i -> switch (profile.rules()) {
                case FBGEMM, ONEDNN -> new KernelSpec.Int8AvgPool(shape, op.countIncludePad(), i.params().zeroPoint(),
                        channelsLast ? shape.channels() & -16 : 0);
                // qnnpack's kernel always counts the padding, whatever the module says.
                case QNNPACK -> new KernelSpec.ScaledAvgPool(shape, i.params().scale(), i.params().zeroPoint());
                case ONNXRUNTIME -> OnnxLowering.average(shape, op, i.params());
            };
        };
    }

    static KernelSpec adaptive(Node node, Node in, boolean channelsLast, Profile profile) {
        Shape x = in.requireShape();
        Shape y = node.requireShape();
        return switch (in.type()) {
            case ValueType.Float32 f -> new KernelSpec.AdaptiveAvgPool(x.dim(1), x.dim(2), x.dim(3), y.dim(2),
                    y.dim(3));
            case ValueType.Int8 i -> switch (profile.rules()) {
                case FBGEMM, ONEDNN -> aten(x, y, i.params(), channelsLast);
                // Other than that qnnpack leaves the work to ATen's scalar code.
                case QNNPACK -> divides(x, y) ? scaled(x, y, i.params()) : aten(x, y, i.params(), false);
                // Exported as a global average pool, as one over equal windows, or, where there are none, not as int8.
                case ONNXRUNTIME -> y.dim(2) == 1 && y.dim(3) == 1 ? scaled(x, y, i.params())
                        : !divides(x, y) ? aten(x, y, i.params(), false)
                        : new KernelSpec.RealAvgPool(windows(x, y), false, i.params().scale(), i.params().zeroPoint());
            };
        };
    }

    private static KernelSpec aten(Shape x, Shape y, QuantParams.PerTensor params, boolean channelsLast) {
        return new KernelSpec.Int8AdaptiveAvgPool(x.dim(1), x.dim(2), x.dim(3), y.dim(2), y.dim(3), params.zeroPoint(),
                channelsLast ? x.dim(1) & -8 : 0);
    }

    private static KernelSpec scaled(Shape x, Shape y, QuantParams.PerTensor params) {
        return new KernelSpec.ScaledAvgPool(windows(x, y), params.scale(), params.zeroPoint());
    }

    private static boolean divides(Shape x, Shape y) {
        return x.dim(2) % y.dim(2) == 0 && x.dim(3) % y.dim(3) == 0;
    }

    /** Side by side, all of one size. */
    private static PoolShape windows(Shape x, Shape y) {
        int height = x.dim(2) / y.dim(2);
        int width = x.dim(3) / y.dim(3);
        return new PoolShape(x.dim(1), x.dim(2), x.dim(3), y.dim(2), y.dim(3), height, width, height, width, 0, 0, 0, 0,
                1, 1);
    }

    private static PoolShape shape(Node node, Node in, PoolGeometry g) {
        Shape x = in.requireShape();
        Shape y = node.requireShape();
        return new PoolShape(x.dim(1), x.dim(2), x.dim(3), y.dim(2), y.dim(3), g.kernelH(), g.kernelW(), g.strideH(),
                g.strideW(), g.padTop(), g.padLeft(), g.padBottom(), g.padRight(), g.dilationH(), g.dilationW());
    }
}
