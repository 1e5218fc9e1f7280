package quantscope.export.onnx;

import static quantscope.export.onnx.OnnxGraph.number;
import static quantscope.export.onnx.OnnxGraph.numbers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.PoolGeometry;
import quantscope.graph.SignOfZero;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** The ONNX operators of fp32 and binary layers, opset {@value #OPSET}. */
final class FloatOperators {

    static final int OPSET = 17;

    private final OnnxGraph out;
    private final UnaryOperator<String> free;
    private final Function<Node, Shape> shapes;

    /**
     * @param free   makes a wanted name one that nothing has
     * @param shapes of a node's input
     */
    FloatOperators(OnnxGraph out, UnaryOperator<String> free, Function<Node, Shape> shapes) {
        this.out = out;
        this.free = free;
        this.shapes = shapes;
    }

    /**
     * Writes one operator.
     *
     * @param node  for shapes and messages
     * @param value the name of what it makes
     * @param in    names of its inputs
     * @return the name of what it makes; an input's where it does nothing
     * @throws IOException where ONNX has no such operator
     */
    String write(Node node, String value, Op op, List<String> in) throws IOException {
        switch (op) {
            case Op.Constant c -> out.floats(value, c.value());
            case Op.Conv2d c -> out.node("Conv", value, weighted(node, in, c.weight(), c.bias()),
                    conv(c.weight().shape(), c.geometry()));
            case Op.BinaryConv2d c -> out.node("Conv", value, weighted(node, List.of(sign(node, in.getFirst(),
                    c.signOfZero())), c.weight(), c.bias()), conv(c.weight().shape(), c.geometry()));
            case Op.Linear l -> {
                requireMatrix(node);
                out.node("Gemm", value, weighted(node, in, l.weight(), l.bias()), number("transB", 1));
            }
            case Op.BinaryLinear l -> {
                requireMatrix(node);
                out.node("Gemm", value, weighted(node, List.of(sign(node, in.getFirst(), l.signOfZero())), l.weight(),
                        l.bias()), number("transB", 1));
            }
            case Op.BatchNorm2d b -> out.node("BatchNormalization", value, List.of(in.getFirst(),
                    constant(node, "weight", b.weight()), constant(node, "bias", b.bias()),
                    constant(node, "running_mean", b.mean()), constant(node, "running_var", b.variance())),
                    number("epsilon", b.eps()));
            case Op.Relu _ -> out.node("Relu", value, in);
            case Op.Clip c -> out.node("Clip", value, List.of(in.getFirst(),
                    out.floats(free.apply(node.name() + ".min"), true, c.min()),
                    out.floats(free.apply(node.name() + ".max"), true, c.max())));
            case Op.LeakyRelu l -> out.node("LeakyRelu", value, in, number("alpha", l.negativeSlope()));
            case Op.Sigmoid _ -> out.node("Sigmoid", value, in);
            case Op.Sign s -> sign(node, value, in.getFirst(), s.signOfZero());
            case Op.Add _ -> out.node("Add", value, in);
            case Op.Mul _ -> out.node("Mul", value, in);
            case Op.MaxPool2d p -> out.node("MaxPool", value, in, pool(p.geometry()));
            case Op.AvgPool2d p -> average(node, value, in, p);
            case Op.AdaptiveAvgPool2d _ -> adaptive(node, value, in);
            case Op.LocalResponseNorm l -> out.node("LRN", value, in, number("size", l.size()), number("alpha", l.alpha()),
                    number("beta", l.beta()), number("bias", l.k()));
            case Op.Softmax s -> out.node("Softmax", value, in, number("axis", s.axis()));
            case Op.LogSoftmax s -> out.node("LogSoftmax", value, in, number("axis", s.axis()));
            case Op.Concat c -> out.node("Concat", value, in, number("axis", c.axis()));
            case Op.Flatten _, Op.Reshape _ -> out.node("Reshape", value, List.of(in.getFirst(),
                    out.longs(free.apply(node.name() + ".shape"), shape(node.requireShape()))));
            case Op.Dropout _, Op.Identity _ -> {
                return in.getFirst();
            }
            case Op.Input _, Op.QuantStub _, Op.DeQuantStub _, Op.QuantizedConv2d _, Op.QuantizedLinear _,
                    Op.QuantizedBatchNorm2d _, Op.QuantizedAdd _, Op.QuantizedMul _, Op.QuantizedConcat _,
                    Op.QuantizedLeakyRelu _, Op.QuantizedSigmoid _, Op.QuantizedAvgPool2d _,
                    Op.QuantizedGlobalAvgPool2d _, Op.AsQuantized _, Op.Unsupported _, Op.Pointwise _, Op.Pairwise _,
                    Op.Where _, Op.Reduce _, Op.MatMul _, Op.Rearrange _, Op.Upsample _, Op.ConvTranspose2d _,
                    Op.GroupNorm _, Op.LayerNorm _, Op.LPPool2d _ -> throw new IOException(node.name() + ": " + op.kind()
                    + " cannot be written as ONNX; choose fp32 for it, or export to PyTorch");
        }
        return value;
    }

    /** Every extent but the batch's. */
    private static long[] shape(Shape shape) {
        long[] extents = new long[shape.rank()];
        for (int i = 0; i < extents.length; i++) {
            extents[i] = i == 0 ? -1 : shape.dim(i);
        }
        return extents;
    }

    private List<String> weighted(Node node, List<String> in, FloatTensor weight, Optional<FloatTensor> bias) {
        List<String> inputs = new ArrayList<>(List.of(in.getFirst(), constant(node, "weight", weight)));
        bias.ifPresent(b -> inputs.add(constant(node, "bias", b)));
        return inputs;
    }

    private String constant(Node node, String what, FloatTensor tensor) {
        return out.floats(free.apply(node.name() + "." + what), tensor);
    }

    private String sign(Node node, String input, SignOfZero zero) {
        return sign(node, free.apply(node.name() + ".sign"), input, zero);
    }

    /** ONNX's Sign gives 0 for 0; where that is +1 or -1, a comparison decides. */
    private String sign(Node node, String value, String input, SignOfZero zero) {
        if (zero == SignOfZero.ZERO) {
            out.node("Sign", value, List.of(input));
            return value;
        }
        String positive = free.apply(node.name() + ".positive");
        out.node(zero == SignOfZero.PLUS_ONE ? "GreaterOrEqual" : "Greater", positive, List.of(input,
                out.floats(free.apply(node.name() + ".zero"), true, 0)));
        out.node("Where", value, List.of(positive, out.floats(free.apply(node.name() + ".plus_one"), true, 1),
                out.floats(free.apply(node.name() + ".minus_one"), true, -1)));
        return value;
    }

    static OnnxMessage[] conv(Shape weight, ConvGeometry g) {
        return new OnnxMessage[] {numbers("kernel_shape", weight.dim(2), weight.dim(3)),
            numbers("strides", g.strideH(), g.strideW()),
            numbers("pads", g.padTop(), g.padLeft(), g.padBottom(), g.padRight()),
            numbers("dilations", g.dilationH(), g.dilationW()), number("group", g.groups())};
    }

    private static OnnxMessage[] pool(PoolGeometry g) {
        return new OnnxMessage[] {numbers("kernel_shape", g.kernelH(), g.kernelW()),
            numbers("strides", g.strideH(), g.strideW()),
            numbers("pads", g.padTop(), g.padLeft(), g.padBottom(), g.padRight()),
            numbers("dilations", g.dilationH(), g.dilationW()), number("ceil_mode", g.ceilMode() ? 1 : 0)};
    }

    /** AveragePool knows dilations only from opset 19 on. */
    private void average(Node node, String value, List<String> in, Op.AvgPool2d op) throws IOException {
        PoolGeometry g = op.geometry();
        if (g.dilationH() != 1 || g.dilationW() != 1) {
            throw new IOException(node.name() + ": an average pool with dilation cannot be written as ONNX opset " + OPSET);
        }
        out.node("AveragePool", value, in, numbers("kernel_shape", g.kernelH(), g.kernelW()),
                numbers("strides", g.strideH(), g.strideW()),
                numbers("pads", g.padTop(), g.padLeft(), g.padBottom(), g.padRight()),
                number("ceil_mode", g.ceilMode() ? 1 : 0), number("count_include_pad", op.countIncludePad() ? 1 : 0));
    }

    private void adaptive(Node node, String value, List<String> in) throws IOException {
        Shape y = node.requireShape();
        if (y.dim(2) == 1 && y.dim(3) == 1) {
            out.node("GlobalAveragePool", value, in);
            return;
        }
        Shape x = shapes.apply(node);
        if (x.dim(2) % y.dim(2) != 0 || x.dim(3) % y.dim(3) != 0) {
            throw new IOException(node.name() + ": ONNX has no adaptive average pool, and windows of one size do not divide "
                    + x + " into " + y + "; export to PyTorch, or change the input's size");
        }
        int height = x.dim(2) / y.dim(2);
        int width = x.dim(3) / y.dim(3);
        out.node("AveragePool", value, in, numbers("kernel_shape", height, width), numbers("strides", height, width));
    }

    /** Gemm takes matrices. */
    static void requireMatrix(Node node) throws IOException {
        if (node.requireShape().rank() != 2) {
            throw new IOException(node.name() + ": a linear layer over a value of rank " + node.requireShape().rank()
                    + " cannot be written as Gemm, which takes [N,F]; export to PyTorch");
        }
    }
}
