package quantscope.export.pytorch;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.PoolGeometry;
import quantscope.graph.SignOfZero;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepared;
import quantscope.run.UnsupportedOperatorException;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Turns a prepared graph into the constructor and forward of an nn.Module, and gathers its weights. */
final class NetWriter {

    private final Prepared prepared;
    private final Graph graph;
    private final Map<String, String> names;
    private final List<String> constructors = new ArrayList<>();
    private final List<String> forward = new ArrayList<>();
    private final Map<String, FloatTensor> weights = new LinkedHashMap<>();
    private final Set<Helper> helpers = EnumSet.noneOf(Helper.class);
    private final Map<String, String> values = new HashMap<>();

    NetWriter(Prepared prepared) {
        this.prepared = prepared;
        this.graph = prepared.graph();
        this.names = Python.identifiers(graph.nodes().stream().map(Node::name).toList());
        graph.nodes().forEach(this::write);
        forward.add("return " + values.get(graph.outputs().getFirst()));
    }

    List<String> constructors() {
        return List.copyOf(constructors);
    }

    List<String> forward() {
        return List.copyOf(forward);
    }

    Map<String, FloatTensor> weights() {
        return weights;
    }

    Set<Helper> helpers() {
        return helpers;
    }

    /** The module that stands for a layer. */
    String module(String layer) {
        return names.get(layer);
    }

    /** Modules that eager mode fuses, each group's first first; a folded BatchNorm is no longer among them. */
    List<List<String>> fusedModules() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            String first = prepared.fusedInto().get(node.name());
            if (first != null && !foldedAway(node)) {
                groups.computeIfAbsent(first, f -> new ArrayList<>(List.of(names.get(f)))).add(names.get(node.name()));
            }
        }
        return groups.entrySet().stream().filter(g -> !isAdd(g.getKey())).map(Map.Entry::getValue).toList();
    }

    private boolean foldedAway(Node node) {
        return prepared.source().find(node.name()).map(n -> n.op() instanceof Op.BatchNorm2d).orElse(false);
    }

    private boolean isAdd(String layer) {
        return graph.node(layer).op() instanceof Op.Add;
    }

    private void write(Node node) {
        List<String> in = node.inputs().stream().map(values::get).toList();
        String name = names.get(node.name());
        String first = prepared.fusedInto().get(node.name());
        if (first != null && (foldedAway(node) || isAdd(first))) {
            values.put(node.name(), in.getFirst());
            return;
        }
        String call = switch (node.op()) {
            case Op.Input i -> "x";
            case Op.Constant c -> constant(name, c.value());
            case Op.Add a -> arithmetic(node, name, "+", addCall(node), in);
            case Op.Mul m -> arithmetic(node, name, "*", "mul", in);
            case Op.Concat c -> concat(node, name, c.axis(), in);
            case Op.Reshape r -> reshape(r.shape(), in.getFirst());
            case Op.Flatten f -> in.getFirst() + ".flatten(" + Math.max(1, f.startDim()) + ")";
            default -> {
                define(name, module(node, name, first != null), node);
                yield "self." + name + "(" + padded(node, name, in.getFirst()) + ")";
            }
        };
        if (node.op() instanceof Op.Input) {
            values.put(node.name(), "x");
            return;
        }
        String variable = "x_" + name;
        forward.add(variable + " = " + call);
        values.put(node.name(), variable);
    }

    private void define(String name, String constructor, Node node) {
        constructors.add("self." + name + " = " + constructor
                + (name.equals(node.name()) ? "" : "  # " + Python.docText(node.name())));
    }

    private String constant(String name, FloatTensor value) {
        String shape = value.shape().dims().toString();
        constructors.add("self.register_buffer(\"" + name + "\", torch.zeros(" + shape + "))");
        weights.put(name, value);
        return "self." + name;
    }

    private String addCall(Node node) {
        return prepared.fusedInto().containsValue(node.name()) ? "add_relu" : "add";
    }

    private String arithmetic(Node node, String name, String operator, String call, List<String> in) {
        if (prepared.precisions().get(node.name()) != Precision.INT8) {
            return in.get(0) + " " + operator + " " + in.get(1);
        }
        define(name, "FloatFunctional()", node);
        return "self." + name + "." + call + "(" + in.get(0) + ", " + in.get(1) + ")";
    }

    private String concat(Node node, String name, int axis, List<String> in) {
        String list = "[" + String.join(", ", in) + "], dim=" + axis + ")";
        if (prepared.precisions().get(node.name()) != Precision.INT8) {
            return "torch.cat(" + list;
        }
        define(name, "FloatFunctional()", node);
        return "self." + name + ".cat(" + list;
    }

    /** The batch stays open: a graph's first extent is that of one image. */
    private static String reshape(Shape shape, String in) {
        StringBuilder call = new StringBuilder(in + ".reshape(" + in + ".shape[0]");
        shape.dims().stream().skip(1).forEach(d -> call.append(", ").append(d));
        return call.append(')').toString();
    }

    private String module(Node node, String name, boolean fused) {
        return switch (node.op()) {
            case Op.Conv2d c -> conv(name, c);
            case Op.Linear l -> {
                put(name, l.weight(), l.bias());
                yield "nn.Linear(%d, %d, bias=%s)".formatted(l.weight().shape().dim(1), l.weight().shape().dim(0),
                        Python.bool(l.bias().isPresent()));
            }
            case Op.BinaryConv2d b -> binaryConv(name, b);
            case Op.BinaryLinear b -> {
                helpers.add(Helper.BINARY_LINEAR);
                binaryWeights(name, b.weight(), b.alpha(), b.bias());
                yield "BinaryLinear(%d, %d, %d)".formatted(b.weight().shape().dim(1), b.weight().shape().dim(0),
                        zero(b.signOfZero()));
            }
            case Op.BatchNorm2d b -> batchNorm(node, name, b);
            case Op.Relu r -> "nn.ReLU()";
            case Op.Clip c -> clip(c);
            case Op.LeakyRelu l -> "nn.LeakyReLU(" + Python.number(l.negativeSlope()) + ")";
            case Op.Sigmoid s -> "nn.Sigmoid()";
            case Op.Sign s -> {
                helpers.add(Helper.SIGN);
                yield "Sign()";
            }
            case Op.MaxPool2d p -> "nn.MaxPool2d(%s, dilation=%s)".formatted(pool(p.geometry()),
                    Python.pair(p.geometry().dilationH(), p.geometry().dilationW()));
            case Op.AvgPool2d p -> "nn.AvgPool2d(%s, count_include_pad=%s)".formatted(pool(p.geometry()),
                    Python.bool(p.countIncludePad()));
            case Op.AdaptiveAvgPool2d p -> "nn.AdaptiveAvgPool2d(" + Python.pair(p.outHeight(), p.outWidth()) + ")";
            case Op.LocalResponseNorm l -> "nn.LocalResponseNorm(%d, %s, %s, %s)".formatted(l.size(),
                    Python.number(l.alpha()), Python.number(l.beta()), Python.number(l.k()));
            case Op.Softmax s -> "nn.Softmax(dim=" + s.axis() + ")";
            case Op.LogSoftmax s -> "nn.LogSoftmax(dim=" + s.axis() + ")";
            case Op.Dropout d -> "nn.Dropout()";
            case Op.Identity i -> fused ? "nn.ReLU()" : "nn.Identity()";
            case Op.QuantStub q -> "QuantStub()";
            case Op.DeQuantStub d -> "DeQuantStub()";
            default -> throw new UnsupportedOperatorException(node.name() + ": " + node.op().kind()
                    + " has no eager-mode PyTorch module");
        };
    }

    private String conv(String name, Op.Conv2d c) {
        put(name, c.weight(), c.bias());
        ConvGeometry g = c.geometry();
        Shape w = c.weight().shape();
        String padding = g.symmetricPadding() ? Python.pair(g.padTop(), g.padLeft()) : "0";
        return "nn.Conv2d(%d, %d, %s, stride=%s, padding=%s, dilation=%s, groups=%d, bias=%s)".formatted(
                w.dim(1) * g.groups(), w.dim(0), Python.pair(w.dim(2), w.dim(3)), Python.pair(g.strideH(), g.strideW()),
                padding, Python.pair(g.dilationH(), g.dilationW()), g.groups(), Python.bool(c.bias().isPresent()));
    }

    private String binaryConv(String name, Op.BinaryConv2d b) {
        helpers.add(Helper.BINARY_CONV);
        binaryWeights(name, b.weight(), b.alpha(), b.bias());
        ConvGeometry g = b.geometry();
        Shape w = b.weight().shape();
        return "BinaryConv2d(%d, %d, (%d, %d), (%d, %d), (%d, %d, %d, %d), (%d, %d), %d, %d)".formatted(
                w.dim(1) * g.groups(), w.dim(0), w.dim(2), w.dim(3), g.strideH(), g.strideW(), g.padTop(), g.padLeft(),
                g.padBottom(), g.padRight(), g.dilationH(), g.dilationW(), g.groups(), zero(b.signOfZero()));
    }

    private void binaryWeights(String name, FloatTensor weight, FloatTensor alpha, Optional<FloatTensor> bias) {
        float[] signs = new float[weight.data().length];
        for (int i = 0; i < signs.length; i++) {
            signs[i] = weight.data()[i] < 0 ? -1 : 1;
        }
        weights.put(name + ".weight", new FloatTensor(weight.shape(), signs));
        weights.put(name + ".alpha", alpha);
        bias.ifPresent(b -> weights.put(name + ".bias", b));
    }

    private static int zero(SignOfZero rule) {
        return switch (rule) {
            case ZERO -> 0;
            case PLUS_ONE -> 1;
            case MINUS_ONE -> -1;
        };
    }

    private String batchNorm(Node node, String name, Op.BatchNorm2d b) {
        weights.put(name + ".weight", b.weight());
        weights.put(name + ".bias", b.bias());
        weights.put(name + ".running_mean", b.mean());
        weights.put(name + ".running_var", b.variance());
        return "nn.BatchNorm%dd(%d, eps=%s)".formatted(node.requireShape().rank() == 4 ? 2 : 1,
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
        boolean symmetric = g.padTop() == g.padBottom() && g.padLeft() == g.padRight();
        return "%s, stride=%s, padding=%s, ceil_mode=%s".formatted(Python.pair(g.kernelH(), g.kernelW()),
                Python.pair(g.strideH(), g.strideW()), symmetric ? Python.pair(g.padTop(), g.padLeft()) : "0",
                Python.bool(g.ceilMode()));
    }

    /** PyTorch's layers pad both sides alike; uneven padding becomes a module in front of them. */
    private String padded(Node node, String name, String in) {
        return switch (node.op()) {
            case Op.Conv2d c when !c.geometry().symmetricPadding() -> pad(name, in, c.geometry().padLeft(),
                    c.geometry().padRight(), c.geometry().padTop(), c.geometry().padBottom(), "0.0");
            case Op.MaxPool2d p when uneven(p.geometry()) -> pad(name, in, p.geometry().padLeft(),
                    p.geometry().padRight(), p.geometry().padTop(), p.geometry().padBottom(), "float(\"-inf\")");
            case Op.AvgPool2d p when uneven(p.geometry()) -> {
                if (!p.countIncludePad()) {
                    throw new UnsupportedOperatorException(node.name()
                            + ": PyTorch has no average pooling with uneven padding that is left out of the count");
                }
                yield pad(name, in, p.geometry().padLeft(), p.geometry().padRight(), p.geometry().padTop(),
                        p.geometry().padBottom(), "0.0");
            }
            default -> in;
        };
    }

    private static boolean uneven(PoolGeometry g) {
        return g.padTop() != g.padBottom() || g.padLeft() != g.padRight();
    }

    private String pad(String name, String in, int left, int right, int top, int bottom, String value) {
        helpers.add(Helper.PAD);
        constructors.add("self.%s_pad = Pad((%d, %d, %d, %d), %s)".formatted(name, left, right, top, bottom, value));
        return "self." + name + "_pad(" + in + ")";
    }

    private void put(String name, FloatTensor weight, Optional<FloatTensor> bias) {
        weights.put(name + ".weight", weight);
        bias.ifPresent(b -> weights.put(name + ".bias", b));
    }
}
