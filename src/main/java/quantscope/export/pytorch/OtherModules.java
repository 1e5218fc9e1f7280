package quantscope.export.pytorch;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import quantscope.export.AxisMatrices;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.run.UnsupportedOperatorException;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Constructor calls of modules that eager mode never computes in int8. */
final class OtherModules {

    private final ModuleWriter modules;

    OtherModules(ModuleWriter modules) {
        this.modules = modules;
    }

    /** The module of a function's own, where torch.nn has one. */
    static Optional<String> activation(Op.Pointwise op) {
        String a = Python.number(op.a());
        return switch (op.function()) {
            case TANH -> Optional.of("nn.Tanh()");
            case SOFTPLUS -> Optional.of("nn.Softplus()");
            case SOFTSIGN -> Optional.of("nn.Softsign()");
            case HARDSIGMOID -> op.a() == 1f / 6 && op.b() == 0.5f ? Optional.of("nn.Hardsigmoid()") : Optional.empty();
            case HARDSWISH -> Optional.of("nn.Hardswish()");
            case SILU -> op.a() == 1 ? Optional.of("nn.SiLU()") : Optional.empty();
            case GELU -> Optional.of(op.a() == 1 ? "nn.GELU(approximate=\"tanh\")" : "nn.GELU()");
            case MISH -> Optional.of("nn.Mish()");
            case ELU -> Optional.of("nn.ELU(" + a + ")");
            case CELU -> op.a() == 0 ? Optional.empty() : Optional.of("nn.CELU(" + a + ")");
            case THRESHOLD -> Optional.of("nn.Threshold(" + a + ", 0.0)");
            case SHRINK -> op.a() == op.b() && op.a() >= 0 ? Optional.of("nn.Softshrink(" + a + ")")
                    : op.a() == 0 ? Optional.of("nn.Hardshrink(" + Python.number(op.b()) + ")") : Optional.empty();
            case ABS, NEG, EXP, LOG, SQRT, RECIPROCAL, FLOOR, CEIL, ROUND, ERF, SIN, COS, TAN, ASIN, ACOS, ATAN, SINH, COSH,
                    ASINH, ACOSH, ATANH, SELU, NOT, ISNAN, ISINF -> Optional.empty();
        };
    }

    /** PyTorch's padding is cut away on both sides alike; what is cut away less at the end is its output padding. */
    String convTranspose(Node node, String name, Op.ConvTranspose2d op) {
        ConvGeometry g = op.geometry();
        int moreH = g.padTop() - g.padBottom() + op.outputPadH();
        int moreW = g.padLeft() - g.padRight() + op.outputPadW();
        if (moreH < 0 || moreW < 0 || moreH >= Math.max(g.strideH(), g.dilationH())
                || moreW >= Math.max(g.strideW(), g.dilationW())) {
            throw new UnsupportedOperatorException(node.name() + ": PyTorch has no transposed convolution whose output is padded by "
                    + moreH + " rows and " + moreW + " columns at the end; pad or crop in a layer of its own, or export to ONNX");
        }
        modules.keep(name + ".weight", op.weight());
        op.bias().ifPresent(b -> modules.keep(name + ".bias", b));
        Shape w = op.weight().shape();
        return "nn.ConvTranspose2d(%d, %d, %s, stride=%s, padding=%s, output_padding=%s%s%s%s)".formatted(w.dim(0),
                w.dim(1) * g.groups(), Python.pair(w.dim(2), w.dim(3)), Python.pair(g.strideH(), g.strideW()),
                Python.pair(g.padTop(), g.padLeft()), Python.pair(moreH, moreW), g.groups() == 1 ? "" : ", groups=" + g.groups(),
                g.dilationH() == 1 && g.dilationW() == 1 ? "" : ", dilation=" + Python.pair(g.dilationH(), g.dilationW()),
                op.bias().isPresent() ? "" : ", bias=False");
    }

    String groupNorm(Node node, String name, Op.GroupNorm op) {
        modules.keep(name + ".weight", op.weight());
        modules.keep(name + ".bias", op.bias());
        Shape shape = node.requireShape();
        int channels = op.weight().shape().dim(0);
        boolean instance = op.groups() == channels && shape.rank() == 4;
        return instance ? "nn.InstanceNorm2d(%d, eps=%s, affine=True)".formatted(channels, Python.number(op.eps()))
                : "nn.GroupNorm(%d, %d, eps=%s)".formatted(op.groups(), channels, Python.number(op.eps()));
    }

    String layerNorm(String name, Op.LayerNorm op) {
        modules.keep(name + ".weight", op.weight());
        if (op.center()) {
            modules.keep(name + ".bias", op.bias());
            return "nn.LayerNorm(%s, eps=%s)".formatted(op.weight().shape().dims(), Python.number(op.eps()));
        }
        boolean biased = false;
        for (float b : op.bias().data()) {
            biased |= b != 0;
        }
        if (!biased) {
            return "nn.RMSNorm(%s, eps=%s)".formatted(op.weight().shape().dims(), Python.number(op.eps()));
        }
        modules.use(Helper.BIASED_RMS_NORM);
        modules.keep(name + ".bias", op.bias());
        return "BiasedRMSNorm(%s, %s)".formatted(op.weight().shape().dims(), Python.number(op.eps()));
    }

    String upsample(String name, Op.Upsample op, Shape in) {
        return Resized.upsample(op.how(), in).map(how -> "nn.Upsample(" + how + ")")
                .orElseGet(() -> alongAxes(name, AxisMatrices.of(op.how(), in)));
    }

    /** Order 1 and 2 and all others alike: PyTorch's own would take odd powers of negative elements. */
    String lpPool(String name, Op.LPPool2d op, Shape in, Shape out) {
        modules.use(Helper.LP_POOL);
        return alongAxes(name, AxisMatrices.sums(op.geometry(), in, out)).replaceFirst("AlongAxes\\(", "LPPool2d(" + op.order() + ", ");
    }

    String alongAxes(String name, AxisMatrices how) {
        modules.use(Helper.ALONG_AXES);
        for (Map.Entry<Integer, FloatTensor> matrix : how.matrices().entrySet()) {
            modules.keep(name + ".matrix_" + matrix.getKey(), matrix.getValue());
        }
        how.added().ifPresent(a -> modules.keep(name + ".added", a));
        return "AlongAxes(" + how.matrices().entrySet().stream().map(m -> m.getKey() + ": " + m.getValue().shape().dims())
                .collect(Collectors.joining(", ", "{", "}")) + how.added().map(a -> ", " + a.shape().dims()).orElse("") + ")";
    }
}
