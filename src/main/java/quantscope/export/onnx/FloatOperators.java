package quantscope.export.onnx;

import static quantscope.export.onnx.OnnxGraph.number;
import static quantscope.export.onnx.OnnxGraph.numbers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import quantscope.export.AxisMatrices;
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
    private final Steps steps;
    private final ElementOperators elements;
    private final ShapeOperators movements;
    private final NormOperators norms;

    /**
     * @param free   makes a wanted name one that nothing has
     * @param shapes of a node's first input
     */
    FloatOperators(OnnxGraph out, UnaryOperator<String> free, Function<Node, Shape> shapes) {
        this.out = out;
        this.free = free;
        this.shapes = shapes;
        this.steps = new Steps(out, free);
        this.elements = new ElementOperators(steps);
        this.movements = new ShapeOperators(steps);
        this.norms = new NormOperators(steps);
    }

    /**
     * Writes one operator.
     *
     * @param node  for shapes and messages
     * @param value the name of what it makes
     * @param in    names of its inputs
     * @return the name of what it makes; an input's where it does nothing
     * @throws IOException where the program does not know the operator
     */
    String write(Node node, String value, Op op, List<String> in) throws IOException {
        switch (op) {
            case Op.Constant c -> out.floats(value, c.value());
            case Op.Conv2d c -> out.node("Conv", value, weighted(node, in, c.weight(), c.bias()),
                    conv(c.weight().shape(), c.geometry()));
            case Op.BinaryConv2d c -> out.node("Conv", value, weighted(node, List.of(sign(node, in.getFirst(),
                    c.signOfZero())), c.weight(), c.bias()), conv(c.weight().shape(), c.geometry()));
            case Op.Linear l -> linear(node, value, in.getFirst(), l.weight(), l.bias());
            case Op.BinaryLinear l -> linear(node, value, sign(node, in.getFirst(), l.signOfZero()), l.weight(), l.bias());
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
            case Op.AvgPool2d p -> {
                return average(node, value, in, p);
            }
            case Op.AdaptiveAvgPool2d _ -> {
                return adaptive(node, value, in);
            }
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
            case Op.Pointwise p -> elements.pointwise(node, value, p, in.getFirst());
            case Op.Pairwise p -> elements.pairwise(node, value, p, in.get(0), in.get(1));
            case Op.Where _ -> elements.where(node, value, in);
            case Op.Reduce r -> elements.reduce(node, value, r, in.getFirst(), shapes.apply(node));
            case Op.MatMul _ -> out.node("MatMul", value, in);
            case Op.Rearrange r -> {
                return movements.rearrange(node, value, r.how(), in.getFirst(), shapes.apply(node));
            }
            case Op.Upsample u -> {
                return movements.upsample(node, value, u.how(), in.getFirst(), shapes.apply(node));
            }
            case Op.ConvTranspose2d c -> out.node("ConvTranspose", value, weighted(node, in, c.weight(), c.bias()),
                    transposed(c));
            case Op.GroupNorm g -> norms.group(node, value, g, in.getFirst());
            case Op.LayerNorm l -> norms.layer(node, value, l, in.getFirst());
            case Op.LPPool2d p -> {
                String power = steps.step(node, "Pow", steps.step(node, "Abs", in.getFirst()), steps.scalar(node, "order", p.order()));
                String sums = movements.alongAxes(node, free.apply(node.name() + ".sums"),
                        AxisMatrices.sums(p.geometry(), shapes.apply(node), node.requireShape()), power, shapes.apply(node));
                out.node("Pow", value, List.of(sums, steps.scalar(node, "root", 1f / p.order())));
            }
            case Op.Unsupported u -> throw new IOException(node.name() + ": " + u.operator() + " cannot be exported: " + u.reason());
            case Op.Input _, Op.QuantStub _, Op.DeQuantStub _, Op.QuantizedConv2d _, Op.QuantizedLinear _,
                    Op.QuantizedBatchNorm2d _, Op.QuantizedAdd _, Op.QuantizedMul _, Op.QuantizedConcat _,
                    Op.QuantizedLeakyRelu _, Op.QuantizedSigmoid _, Op.QuantizedAvgPool2d _,
                    Op.QuantizedGlobalAvgPool2d _, Op.AsQuantized _ ->
                    throw new IllegalStateException(node.name() + ": " + op.kind() + " is not fp32");
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

    private static OnnxMessage[] transposed(Op.ConvTranspose2d op) {
        List<OnnxMessage> attributes = new ArrayList<>(List.of(conv(op.weight().shape(), op.geometry())));
        attributes.add(numbers("output_padding", op.outputPadH(), op.outputPadW()));
        return attributes.toArray(OnnxMessage[]::new);
    }

    /** AveragePool knows dilations only from opset 19 on. */
    private String average(Node node, String value, List<String> in, Op.AvgPool2d op) {
        PoolGeometry g = op.geometry();
        if (g.dilationH() != 1 || g.dilationW() != 1) {
            Shape x = shapes.apply(node);
            return movements.alongAxes(node, value, AxisMatrices.of(op, x, node.requireShape()), in.getFirst(), x);
        }
        out.node("AveragePool", value, in, numbers("kernel_shape", g.kernelH(), g.kernelW()),
                numbers("strides", g.strideH(), g.strideW()),
                numbers("pads", g.padTop(), g.padLeft(), g.padBottom(), g.padRight()),
                number("ceil_mode", g.ceilMode() ? 1 : 0), number("count_include_pad", op.countIncludePad() ? 1 : 0));
        return value;
    }

    /** ONNX has no adaptive pool: windows of one size where they divide the input, else means along each axis. */
    private String adaptive(Node node, String value, List<String> in) {
        Shape y = node.requireShape();
        if (y.dim(2) == 1 && y.dim(3) == 1) {
            out.node("GlobalAveragePool", value, in);
            return value;
        }
        Shape x = shapes.apply(node);
        if (x.dim(2) % y.dim(2) != 0 || x.dim(3) % y.dim(3) != 0) {
            return movements.alongAxes(node, value, AxisMatrices.adaptive(x, y), in.getFirst(), x);
        }
        int height = x.dim(2) / y.dim(2);
        int width = x.dim(3) / y.dim(3);
        out.node("AveragePool", value, in, numbers("kernel_shape", height, width), numbers("strides", height, width));
        return value;
    }

    /** Gemm takes matrices alone. */
    private void linear(Node node, String value, String in, FloatTensor weight, Optional<FloatTensor> bias) {
        if (node.requireShape().rank() == 2) {
            out.node("Gemm", value, weighted(node, List.of(in), weight, bias), number("transB", 1));
            return;
        }
        String product = bias.isEmpty() ? value : free.apply(node.name() + ".product");
        out.node("MatMul", product, List.of(in, constant(node, "weight", ShapeOperators.transposed(weight))));
        if (bias.isPresent()) {
            out.node("Add", value, List.of(product, constant(node, "bias", bias.get())));
        }
    }
}
