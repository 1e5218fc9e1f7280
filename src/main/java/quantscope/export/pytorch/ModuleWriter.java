package quantscope.export.pytorch;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import quantscope.export.AxisMatrices;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.PoolGeometry;
import quantscope.graph.SignOfZero;
import quantscope.graph.ValueType;
import quantscope.run.UnsupportedOperatorException;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Writes the constructor calls of layers' modules, and keeps their weights and the classes that they need. */
final class ModuleWriter {

    private final Map<String, FloatTensor> weights = new LinkedHashMap<>();
    private final Set<Helper> helpers = EnumSet.noneOf(Helper.class);
    private final OtherModules others = new OtherModules(this);

    /** By name in the state dict. */
    Map<String, FloatTensor> weights() {
        return Collections.unmodifiableMap(weights);
    }

    Set<Helper> helpers() {
        return Collections.unmodifiableSet(helpers);
    }

    void use(Helper helper) {
        helpers.add(helper);
    }

    void keep(String name, FloatTensor value) {
        weights.put(name, value);
    }

    /**
     * The call that constructs a layer's module; its weights are kept.
     *
     * @param in    shape of its first input
     * @param fused whether the layer is fused into another, so that a converted graph passes over it
     */
    String constructor(Node node, String name, Shape in, boolean fused) {
        if (node.type() instanceof ValueType.Int8 && (node.op() instanceof Op.AvgPool2d || node.op() instanceof Op.AdaptiveAvgPool2d)) {
            throw int8InFile(node);
        }
        return switch (node.op()) {
            case Op.Conv2d c -> conv(name, c);
            case Op.Linear l -> {
                put(name, l.weight(), l.bias());
                yield "nn.Linear(%d, %d%s)".formatted(l.weight().shape().dim(1), l.weight().shape().dim(0),
                        l.bias().isPresent() ? "" : ", bias=False");
            }
            case Op.BinaryConv2d b -> binaryConv(name, b);
            case Op.BinaryLinear b -> {
                helpers.add(Helper.BINARY_LINEAR);
                binaryWeights(name, b.weight(), b.alpha(), b.bias());
                yield "BinaryLinear(%d, %d%s)".formatted(b.weight().shape().dim(1), b.weight().shape().dim(0),
                        zero(b.signOfZero()));
            }
            case Op.BatchNorm2d b -> batchNorm(node, name, b);
            case Op.Relu _ -> "nn.ReLU()";
            case Op.Clip c -> clip(c);
            case Op.LeakyRelu l -> "nn.LeakyReLU(" + Python.number(l.negativeSlope()) + ")";
            case Op.Sigmoid _ -> "nn.Sigmoid()";
            case Op.Sign s -> {
                helpers.add(Helper.SIGN);
                yield "Sign(" + zero(s.signOfZero()).replace(", ", "") + ")";
            }
            case Op.MaxPool2d p -> "nn.MaxPool2d(%s%s)".formatted(pool(p.geometry()), unless("1", ", dilation=",
                    Python.pair(p.geometry().dilationH(), p.geometry().dilationW())));
            case Op.AvgPool2d p when !isModule(p) -> others.alongAxes(name, AxisMatrices.of(p, in, node.requireShape()));
            case Op.AvgPool2d p -> "nn.AvgPool2d(%s%s)".formatted(pool(p.geometry()),
                    p.countIncludePad() ? "" : ", count_include_pad=False");
            case Op.AdaptiveAvgPool2d p -> "nn.AdaptiveAvgPool2d(" + Python.pair(p.outHeight(), p.outWidth()) + ")";
            case Op.LocalResponseNorm l -> "nn.LocalResponseNorm(%d, %s, %s, %s)".formatted(l.size(),
                    Python.number(l.alpha()), Python.number(l.beta()), Python.number(l.k()));
            case Op.Softmax s -> "nn.Softmax(dim=" + s.axis() + ")";
            case Op.LogSoftmax s -> "nn.LogSoftmax(dim=" + s.axis() + ")";
            case Op.Dropout _ -> "nn.Dropout()";
            case Op.Identity _ -> fused ? "nn.ReLU()" : "nn.Identity()";
            case Op.QuantStub _ -> "QuantStub()";
            case Op.DeQuantStub _ -> "DeQuantStub()";
            case Op.Pointwise p -> OtherModules.activation(p)
                    .orElseThrow(() -> new IllegalStateException(node.name() + ": " + p.function() + " is no module"));
            case Op.ConvTranspose2d c -> others.convTranspose(node, name, c);
            case Op.GroupNorm g -> others.groupNorm(node, name, g);
            case Op.LayerNorm l -> others.layerNorm(name, l);
            case Op.Upsample u -> others.upsample(name, u, in);
            case Op.LPPool2d p -> others.lpPool(name, p, in, node.requireShape());
            case Op.Input _, Op.Constant _, Op.Add _, Op.Mul _, Op.Concat _, Op.Flatten _, Op.Reshape _, Op.Pairwise _, Op.Where _,
                 Op.Reduce _, Op.MatMul _, Op.Rearrange _ ->
                    throw new IllegalStateException(node.name() + ": " + node.op().kind() + " is no module");
            case Op.QuantizedConv2d _, Op.QuantizedLinear _, Op.QuantizedBatchNorm2d _, Op.QuantizedAdd _,
                 Op.QuantizedMul _, Op.QuantizedConcat _, Op.QuantizedLeakyRelu _, Op.QuantizedSigmoid _,
                 Op.QuantizedAvgPool2d _, Op.QuantizedGlobalAvgPool2d _, Op.AsQuantized _ ->
                    throw int8InFile(node);
            case Op.Unsupported u -> throw new UnsupportedOperatorException(node.name() + ": " + u.operator()
                    + " cannot be exported: " + u.reason());
        };
    }

    private static UnsupportedOperatorException int8InFile(Node node) {
        return new UnsupportedOperatorException(node.name() + ": is int8 in the model file already, and eager mode"
                + " makes int8 layers of fp32 ones only; open the model as it was before it was quantized");
    }

    /** PyTorch's average pool has no dilation, and pads both sides alike where the padding is not counted. */
    static boolean isModule(Op.AvgPool2d op) {
        PoolGeometry g = op.geometry();
        return g.dilationH() == 1 && g.dilationW() == 1 && (op.countIncludePad() && !g.ceilMode() || !g.uneven());
    }

    private String conv(String name, Op.Conv2d c) {
        put(name, c.weight(), c.bias());
        ConvGeometry g = c.geometry();
        Shape w = c.weight().shape();
        String padding = g.symmetricPadding() ? Python.pair(g.padTop(), g.padLeft()) : "0";
        return "nn.Conv2d(%d, %d, %s%s%s%s%s%s)".formatted(w.dim(1) * g.groups(), w.dim(0),
                Python.pair(w.dim(2), w.dim(3)), unless("1", ", stride=", Python.pair(g.strideH(), g.strideW())),
                unless("0", ", padding=", padding),
                unless("1", ", dilation=", Python.pair(g.dilationH(), g.dilationW())),
                unless("1", ", groups=", String.valueOf(g.groups())), c.bias().isPresent() ? "" : ", bias=False");
    }

    /** An argument that is left out where it has PyTorch's default. */
    private static String unless(String usual, String argument, String value) {
        return value.equals(usual) ? "" : argument + value;
    }

    private String binaryConv(String name, Op.BinaryConv2d b) {
        helpers.add(Helper.BINARY_CONV);
        binaryWeights(name, b.weight(), b.alpha(), b.bias());
        ConvGeometry g = b.geometry();
        Shape w = b.weight().shape();
        return "BinaryConv2d(%d, %d, (%d, %d)%s%s%s%s%s)".formatted(w.dim(1) * g.groups(), w.dim(0), w.dim(2), w.dim(3),
                unless("1", ", stride=", Python.pair(g.strideH(), g.strideW())),
                unless("(0, 0, 0, 0)", ", padding=", "(%d, %d, %d, %d)".formatted(g.padTop(), g.padLeft(),
                        g.padBottom(), g.padRight())),
                unless("1", ", dilation=", Python.pair(g.dilationH(), g.dilationW())),
                unless("1", ", groups=", String.valueOf(g.groups())), zero(b.signOfZero()));
    }

    private void binaryWeights(String name, FloatTensor weight, FloatTensor alpha, Optional<FloatTensor> bias) {
        float[] signs = new float[weight.data().length];
        for (int i = 0; i < signs.length; i++) {
            signs[i] = weight.data()[i] < 0 ? -1 : 1;
        }
        weights.put(name + ".weight", new FloatTensor(weight.shape(), signs));
        weights.put(name + ".alpha", alpha);
        weights.put(name + ".bias", bias.orElseGet(() -> FloatTensor.zeros(alpha.shape())));
    }

    private static String zero(SignOfZero rule) {
        return switch (rule) {
            case ZERO -> "";
            case PLUS_ONE -> ", zero=1";
            case MINUS_ONE -> ", zero=-1";
        };
    }

    private String batchNorm(Node node, String name, Op.BatchNorm2d b) {
        weights.put(name + ".weight", b.weight());
        weights.put(name + ".bias", b.bias());
        weights.put(name + ".running_mean", b.mean());
        weights.put(name + ".running_var", b.variance());
        return "nn.BatchNorm%dd(%d, eps=%s)".formatted(Math.max(1, node.requireShape().rank() - 2),
                b.weight().shape().dim(0), Python.number(b.eps()));
    }

    private String clip(Op.Clip c) {
        if (c.min() == 0 && c.max() == 6) {
            return "nn.ReLU6()";
        }
        if (c.min() < c.max() && !Float.isInfinite(c.min()) && !Float.isInfinite(c.max())) {
            return "nn.Hardtanh(" + Python.number(c.min()) + ", " + Python.number(c.max()) + ")";
        }
        helpers.add(Helper.CLAMP);
        return "Clamp(" + Python.number(c.min()) + ", " + Python.number(c.max()) + ")";
    }

    private static String pool(PoolGeometry g) {
        boolean symmetric = !g.uneven();
        return Python.pair(g.kernelH(), g.kernelW()) + ", stride=" + Python.pair(g.strideH(), g.strideW())
                + unless("0", ", padding=", symmetric ? Python.pair(g.padTop(), g.padLeft()) : "0")
                + (g.ceilMode() ? ", ceil_mode=True" : "");
    }

    private void put(String name, FloatTensor weight, Optional<FloatTensor> bias) {
        weights.put(name + ".weight", weight);
        bias.ifPresent(b -> weights.put(name + ".bias", b));
    }
}
