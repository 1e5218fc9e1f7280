package quantscope.export.pytorch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.ValueType;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepared;
import quantscope.quant.QuantParams;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Turns a prepared graph into the constructor and forward of an nn.Module, and gathers its weights. */
final class NetWriter {

    /** Room for a line of a method's body. */
    private static final int LINE = Python.WIDTH - 8;

    private final Prepared prepared;
    private final Graph graph;
    private final Map<String, String> names;
    private final List<String> constructors = new ArrayList<>();
    private final List<String> forward = new ArrayList<>();
    private final ModuleWriter modules = new ModuleWriter();
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
        return modules.weights();
    }

    Set<Helper> helpers() {
        return modules.helpers();
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
            case Op.Flatten f -> flatten(node, f, in.getFirst());
            case Op.QuantStub q when q.params().isPresent() -> rounded(q.params().get(), in.getFirst());
            case Op.DeQuantStub _ when ofFile(node) -> in.getFirst();
            case Op.Pointwise p when OtherModules.activation(p).isEmpty() -> Functions.pointwise(p, in.getFirst());
            case Op.Pairwise p -> Functions.pairwise(p, in.get(0), in.get(1));
            case Op.Where _ -> "torch.where(" + in.get(0) + " != 0, " + in.get(1) + ", " + in.get(2) + ")";
            case Op.Reduce r -> Functions.reduce(r, in.getFirst());
            case Op.MatMul _ -> "torch.matmul(" + in.get(0) + ", " + in.get(1) + ")";
            case Op.Rearrange r -> Movements.rearrange(r.how(), shapeOfFirst(node), in.getFirst());
            default -> {
                define(name, modules.constructor(node, name, shapeOfFirst(node), first != null), node);
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

    /** Levels that the model file has, in fp32: between the file's own stubs nothing but movement is written. */
    private static String rounded(QuantParams.PerTensor p, String in) {
        return "torch.fake_quantize_per_tensor_affine(%s, %s, %d, %d, %d)".formatted(in, Python.number(p.scale()), p.zeroPoint(),
                p.dtype().min(), p.dtype().max());
    }

    /** Whether a stub ends int8 that the model file has, not what was chosen. */
    private boolean ofFile(Node stub) {
        return graph.node(stub.input()).type() instanceof ValueType.Int8;
    }

    /** Of the input; of a source its own. */
    private Shape shapeOfFirst(Node node) {
        return node.inputs().isEmpty() ? node.requireShape() : graph.node(node.inputs().getFirst()).requireShape();
    }

    private void define(String name, String constructor, Node node) {
        String line = "self." + name + " = " + constructor;
        String comment = name.equals(node.name()) ? "" : "# " + Python.docText(node.name());
        if (!comment.isEmpty() && line.length() + 2 + comment.length() > LINE) {
            constructors.add(comment);
            comment = "";
        }
        constructors.add(comment.isEmpty() ? line : line + "  " + comment);
    }

    private String constant(String name, FloatTensor value) {
        String shape = value.shape().dims().toString();
        constructors.add("self.register_buffer(\"" + name + "\", torch.zeros(" + shape + "))");
        modules.keep(name, value);
        return "self." + name;
    }

    private String addCall(Node node) {
        return prepared.fusedInto().containsValue(node.name()) ? "add_relu" : "add";
    }

    private String arithmetic(Node node, String name, String operator, String call, List<String> in) {
        if (!isFloatFunctional(prepared, node)) {
            return in.get(0) + " " + operator + " " + in.get(1);
        }
        define(name, "FloatFunctional()", node);
        return "self." + name + "." + call + "(" + in.get(0) + ", " + in.get(1) + ")";
    }

    private String concat(Node node, String name, int axis, List<String> in) {
        String joined = "[" + String.join(", ", in) + "]";
        String list = (joined.length() > LINE / 2 ? "[\n    " + String.join(",\n    ", in) + "]" : joined)
                + ", dim=" + axis + ")";
        if (!isFloatFunctional(prepared, node)) {
            return "torch.cat(" + list;
        }
        define(name, "FloatFunctional()", node);
        return "self." + name + ".cat(" + list;
    }

    /** Arithmetic without a module of its own in PyTorch: where it is int8, eager mode needs one. */
    static boolean isFloatFunctional(Prepared prepared, Node node) {
        return prepared.precisions().get(node.name()) == Precision.INT8 && (node.op() instanceof Op.Add
                || node.op() instanceof Op.Mul || node.op() instanceof Op.Concat);
    }

    /** The first extent follows from the others, so that the batch stays open: a graph's is that of one image. */
    private static String reshape(Shape shape, String in) {
        return in + ".reshape(" + (shape.rank() == 0 ? "()" : "-1")
                + shape.dims().stream().skip(1).map(d -> ", " + d).collect(Collectors.joining()) + ")";
    }

    private String flatten(Node node, Op.Flatten op, String in) {
        int rank = shapeOfFirst(node).rank();
        int start = Math.max(1, op.startDim());
        return start < rank ? in + ".flatten(" + start + ")" : in + ".unsqueeze(-1)";
    }

    /** PyTorch's layers pad both sides alike; uneven padding becomes a module in front of them. */
    private String padded(Node node, String name, String in) {
        return switch (node.op()) {
            case Op.Conv2d c when !c.geometry().symmetricPadding() -> pad(name, in, c.geometry().padLeft(),
                    c.geometry().padRight(), c.geometry().padTop(), c.geometry().padBottom(), "0.0");
            case Op.MaxPool2d p when p.geometry().uneven() -> pad(name, in, p.geometry().padLeft(),
                    p.geometry().padRight(), p.geometry().padTop(), p.geometry().padBottom(), "float(\"-inf\")");
            case Op.AvgPool2d p when ModuleWriter.isModule(p) && p.geometry().uneven() -> pad(name, in, p.geometry().padLeft(),
                    p.geometry().padRight(), p.geometry().padTop(), p.geometry().padBottom(), "0.0");
            default -> in;
        };
    }

    private String pad(String name, String in, int left, int right, int top, int bottom, String value) {
        modules.use(Helper.PAD);
        constructors.add("self.%s_pad = Pad((%d, %d, %d, %d), %s)".formatted(name, left, right, top, bottom, value));
        return "self." + name + "_pad(" + in + ")";
    }
}
