package quantscope.export.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.PoolGeometry;
import quantscope.graph.ValueType;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * A benchmark's network as ONNX Runtime runs it fastest: fp32 operators, and for int8 the fused operators (QLinearConv,
 * QGemm, QLinearAdd) that its optimizer would make of QDQ pairs. Values keep their nodes' names.
 */
public final class GraphOnnx {

    private static final String MICROSOFT = "com.microsoft";
    private static final int UINT8 = 2;
    private static final int INT8 = 3;
    private static final int INT32 = 6;

    private final Graph graph;
    private final OnnxMessage message = new OnnxMessage();
    private final Map<String, String> names = new HashMap<>();
    /** Initializers that no operator has read yet; the runtime warns of those that none ever does. */
    private final Map<String, OnnxMessage> unread = new HashMap<>();

    private GraphOnnx(Graph graph) {
        this.graph = graph;
    }

    /** @throws IllegalArgumentException for an operator that no benchmark has */
    public static byte[] bytes(Graph graph) {
        GraphOnnx onnx = new GraphOnnx(graph);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            onnx.model().writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private OnnxMessage model() {
        graph.nodes().forEach(this::node);
        String output = names.get(graph.outputs().getFirst());
        int[] extents = graph.node(graph.outputs().getFirst()).requireShape().toArray();
        extents[0] = 0;
        message.text(2, graph.name()).message(12, OnnxMessage.value(output, extents));
        return new OnnxMessage().integer(1, 8).message(7, message)
                .message(8, new OnnxMessage().text(1, "").integer(2, 17))
                .message(8, new OnnxMessage().text(1, MICROSOFT).integer(2, 1));
    }

    private void node(Node n) {
        List<String> in = n.inputs().stream().map(names::get).toList();
        names.put(n.name(), n.name());
        switch (n.op()) {
            case Op.Input i -> {
                int[] extents = i.shape().toArray();
                extents[0] = 0;
                message.message(11, OnnxMessage.value(n.name(), extents));
            }
            case Op.Conv2d c -> op(n, "Conv", "", with(in, weight(n, c.weight()), bias(n, c.bias(), c.weight().shape().dim(0))),
                    conv(c.geometry(), c.weight().shape()));
            case Op.Linear l -> op(n, "Gemm", "", with(in, weight(n, l.weight()), bias(n, l.bias(), l.weight().shape().dim(0))),
                    List.of(ints("transB", 1)));
            case Op.BatchNorm2d b -> op(n, "BatchNormalization", "", with(in, floats(n.name() + ".w", b.weight()),
                    floats(n.name() + ".b", b.bias()), floats(n.name() + ".m", b.mean()),
                    floats(n.name() + ".v", b.variance())), List.of());
            case Op.Relu r -> {
                if (n.type() instanceof ValueType.Int8) {
                    names.put(n.name(), in.getFirst());
                } else {
                    op(n, "Relu", "", in, List.of());
                }
            }
            case Op.Add a -> op(n, "Add", "", in, List.of());
            case Op.MaxPool2d p -> op(n, "MaxPool", "", in, pool(p.geometry()));
            case Op.AdaptiveAvgPool2d p -> average(n, in);
            case Op.Flatten f -> op(n, "Flatten", "", in, List.of(ints("axis", 1)));
            case Op.Dropout d -> names.put(n.name(), in.getFirst());
            case Op.Identity i -> names.put(n.name(), in.getFirst());
            case Op.QuantStub q -> op(n, "QuantizeLinear", "", with(in, params(n.name(), q.params().orElseThrow())),
                    List.of());
            case Op.DeQuantStub d -> op(n, "DequantizeLinear", "", with(in, params(n.name(), type(n, 0))), List.of());
            case Op.QuantizedConv2d q -> op(n, "QLinearConv", "", quantized(n, in, q.weight(), q.bias(), q.out()),
                    conv(q.geometry(), q.weight().shape()));
            case Op.QuantizedLinear q -> op(n, "QGemm", MICROSOFT, gemm(n, in, q), List.of(ints("transB", 1)));
            case Op.QuantizedAdd q -> op(n, "QLinearAdd", MICROSOFT, List.of(in.get(0), params(n.name() + ".a", type(n, 0)).get(0),
                    params(n.name() + ".a0", type(n, 0)).get(1), in.get(1), params(n.name() + ".b", type(n, 1)).get(0),
                    params(n.name() + ".b0", type(n, 1)).get(1), params(n.name() + ".c", q.out()).get(0),
                    params(n.name() + ".c0", q.out()).get(1)), List.of());
            default -> throw new IllegalArgumentException(n.name() + ": " + n.op().kind());
        }
    }

    private void average(Node n, List<String> in) {
        if (n.type() instanceof ValueType.Int8) {
            List<String> p = params(n.name(), type(n, 0));
            op(n, "QLinearGlobalAveragePool", MICROSOFT, with(with(in, p), p), List.of());
        } else {
            op(n, "GlobalAveragePool", "", in, List.of());
        }
    }

    private QuantParams.PerTensor type(Node n, int input) {
        return ((ValueType.Int8) graph.node(n.inputs().get(input)).type()).params();
    }

    private List<String> quantized(Node n, List<String> in, QuantizedTensor weight, Optional<FloatTensor> bias,
                                   QuantParams.PerTensor out) {
        List<String> w = levels(n, weight);
        return with(with(in, params(n.name() + ".x", type(n, 0))), w.get(0), w.get(1), w.get(2),
                params(n.name() + ".y", out).get(0), params(n.name() + ".y0", out).get(1),
                biasLevels(n, weight, bias, type(n, 0).scale()));
    }

    /** A, scale, zero, B, scale, zero, C, scale, zero of Y. */
    private List<String> gemm(Node n, List<String> in, Op.QuantizedLinear q) {
        List<String> w = levels(n, q.weight());
        return with(with(in, params(n.name() + ".x", type(n, 0))), w.get(0), w.get(1), w.get(2),
                biasLevels(n, q.weight(), q.bias(), type(n, 0).scale()),
                params(n.name() + ".y", q.out()).get(0), params(n.name() + ".y0", q.out()).get(1));
    }

    private List<String> levels(Node n, QuantizedTensor weight) {
        int channels = weight.shape().dim(0);
        float[] scales = new float[channels];
        for (int o = 0; o < channels; o++) {
            scales[o] = weight.params().scale(o);
        }
        initializer(n.name() + ".weight", INT8, weight.shape(), weight.levels());
        initializer(n.name() + ".scales", FloatTensor.vector(scales));
        initializer(n.name() + ".zeros", INT8, Shape.of(channels), new byte[channels]);
        return List.of(n.name() + ".weight", n.name() + ".scales", n.name() + ".zeros");
    }

    private String biasLevels(Node n, QuantizedTensor weight, Optional<FloatTensor> bias, float inScale) {
        int channels = weight.shape().dim(0);
        ByteBuffer raw = ByteBuffer.allocate(4 * channels).order(ByteOrder.LITTLE_ENDIAN);
        for (int o = 0; o < channels; o++) {
            double real = bias.isPresent() ? bias.get().data()[o] : 0;
            raw.putInt((int) Math.rint(real / ((double) inScale * weight.params().scale(o))));
        }
        initializer(n.name() + ".bias", INT32, Shape.of(channels), raw.array());
        return n.name() + ".bias";
    }

    private List<String> params(String name, QuantParams.PerTensor p) {
        initializer(name + ".scale", FloatTensor.of(Shape.of(), p.scale()));
        initializer(name + ".zero", UINT8, Shape.of(), new byte[] {(byte) p.zeroPoint()});
        return List.of(name + ".scale", name + ".zero");
    }

    private String weight(Node n, FloatTensor weight) {
        return floats(n.name() + ".weight", weight);
    }

    private String bias(Node n, Optional<FloatTensor> bias, int channels) {
        return floats(n.name() + ".bias", bias.orElseGet(() -> FloatTensor.zeros(Shape.of(channels))));
    }

    private String floats(String name, FloatTensor value) {
        initializer(name, value);
        return name;
    }

    private void initializer(String name, FloatTensor value) {
        unread.put(name, OnnxMessage.tensor(name, value));
    }

    private void initializer(String name, int dataType, Shape shape, byte[] raw) {
        unread.put(name, OnnxMessage.tensor(name, dataType, shape, raw));
    }

    private static List<String> with(List<String> first, String... more) {
        return with(first, List.of(more));
    }

    private static List<String> with(List<String> first, List<String> more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(more);
        return all;
    }

    private static List<OnnxMessage> conv(ConvGeometry g, Shape weight) {
        return List.of(ints("strides", g.strideH(), g.strideW()), ints("dilations", g.dilationH(), g.dilationW()),
                ints("pads", g.padTop(), g.padLeft(), g.padBottom(), g.padRight()), ints("group", g.groups()),
                ints("kernel_shape", weight.dim(2), weight.dim(3)));
    }

    private static List<OnnxMessage> pool(PoolGeometry g) {
        return List.of(ints("kernel_shape", g.kernelH(), g.kernelW()), ints("strides", g.strideH(), g.strideW()),
                ints("pads", g.padTop(), g.padLeft(), g.padBottom(), g.padRight()));
    }

    private void op(Node n, String operator, String domain, List<String> inputs, List<OnnxMessage> attributes) {
        OnnxMessage node = new OnnxMessage();
        for (String input : inputs) {
            node.text(1, input);
            OnnxMessage initializer = unread.remove(input);
            if (initializer != null) {
                message.message(5, initializer);
            }
        }
        node.text(2, n.name()).text(3, n.name()).text(4, operator);
        attributes.forEach(a -> node.message(5, a));
        if (!domain.isEmpty()) {
            node.text(7, domain);
        }
        message.message(1, node);
    }

    private static OnnxMessage ints(String name, long... values) {
        OnnxMessage attribute = new OnnxMessage().text(1, name);
        if (values.length == 1) {
            return attribute.integer(3, values[0]).integer(20, 2);
        }
        for (long value : values) {
            attribute.integer(8, value);
        }
        return attribute.integer(20, 7);
    }
}
