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
            case ValueType.Int8 t -> average(shape, op, t.params(), channelsLast, profile);
        };
    }

    private static KernelSpec average(PoolShape shape, Op.AvgPool2d op, QuantParams.PerTensor x, boolean channelsLast,
                                      Profile profile) {
        return switch (profile.rules()) {
            case FBGEMM, ONEDNN -> new KernelSpec.Int8AvgPool(shape, op.countIncludePad(), x.zeroPoint(),
                    channelsLast ? shape.channels() & -16 : 0);
            // qnnpack's kernel always counts the padding, whatever the module says.
            case QNNPACK -> KernelSpec.ScaledAvgPool.keeping(shape, x.scale(), x.zeroPoint());
            case ONNXRUNTIME -> OnnxLowering.average(shape, op.countIncludePad(), x, x);
        };
    }

    /** Every backend but ONNX Runtime keeps parameters, so its arithmetic is the only one. */
    static KernelSpec average(Node node, Node in, Op.QuantizedAvgPool2d op) {
        return OnnxLowering.average(shape(node, in, op.geometry()), op.countIncludePad(), Int8Lowering.params(in),
                op.out());
    }

    static KernelSpec global(Node in, QuantParams.PerTensor out) {
        Shape x = in.requireShape();
        QuantParams.PerTensor from = Int8Lowering.params(in);
        return new KernelSpec.ScaledAvgPool(windows(x, x.with(2, 1).with(3, 1)), from.scale(), from.zeroPoint(), out.scale(),
                out.zeroPoint());
    }

    static KernelSpec adaptive(Node node, Node in, boolean channelsLast, Profile profile) {
        Shape x = in.requireShape();
        Shape y = node.requireShape();
        return switch (in.type()) {
            case ValueType.Float32 f -> new KernelSpec.AdaptiveAvgPool(x.dim(1), x.dim(2), x.dim(3), y.dim(2),
                    y.dim(3));
            case ValueType.Int8 t -> adaptive(x, y, t.params(), channelsLast, profile);
        };
    }

    private static KernelSpec adaptive(Shape x, Shape y, QuantParams.PerTensor params, boolean channelsLast, Profile profile) {
        return switch (profile.rules()) {
            case FBGEMM, ONEDNN -> aten(x, y, params, channelsLast);
            // Other than that qnnpack leaves the work to ATen's scalar code.
            case QNNPACK -> divides(x, y) ? scaled(x, y, params) : aten(x, y, params, false);
            // Exported as a global average pool, as one over equal windows, or, where there are none, not as int8.
            case ONNXRUNTIME -> y.dim(2) == 1 && y.dim(3) == 1 ? scaled(x, y, params)
                    : !divides(x, y) ? aten(x, y, params, false)
                    : OnnxLowering.average(windows(x, y), false, params, params);
        };
    }

    private static KernelSpec aten(Shape x, Shape y, QuantParams.PerTensor params, boolean channelsLast) {
        return new KernelSpec.Int8AdaptiveAvgPool(x.dim(1), x.dim(2), x.dim(3), y.dim(2), y.dim(3), params.zeroPoint(),
                channelsLast ? x.dim(1) & -8 : 0);
    }

    private static KernelSpec scaled(Shape x, Shape y, QuantParams.PerTensor params) {
        return KernelSpec.ScaledAvgPool.keeping(windows(x, y), params.scale(), params.zeroPoint());
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
