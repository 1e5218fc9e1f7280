package quantscope.export.onnx;

import static quantscope.export.onnx.OnnxGraph.number;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.ValueType;
import quantscope.quant.BiasQuantization;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * Writes a converted graph node by node as ONNX with QuantizeLinear and DequantizeLinear around its int8 operators, the
 * form that ONNX Runtime turns into QLinearConv and its like. A value that is int8 here is quantized once where it is made
 * and dequantized once for all that read it; where int8 ends nothing more is needed.
 */
final class QdqWriter {

    private final Graph graph;
    private final OnnxGraph out = new OnnxGraph();
    private final FloatOperators floats;
    /** Node -> ONNX value that holds it in fp32, dequantized where it is int8. */
    private final Map<String, String> values = new HashMap<>();
    private final Set<String> taken = new HashSet<>();

    private QdqWriter(Graph graph) {
        this.graph = graph;
        this.floats = new FloatOperators(out, this::name, node -> graph.node(node.inputs().getFirst()).requireShape());
        graph.nodes().forEach(n -> taken.add(n.name()));
    }

    /**
     * @param graph converted, of operators that ONNX can express
     * @throws IOException naming the layer that cannot be written and why
     */
    static OnnxGraph write(Graph graph) throws IOException {
        return new QdqWriter(graph).write();
    }

    private OnnxGraph write() throws IOException {
        for (Node node : graph.nodes()) {
            values.put(node.name(), value(node));
        }
        for (String output : graph.outputs()) {
            String value = values.get(output);
            // An output may be another node's value under its own name.
            if (!value.equals(output)) {
                out.node("Identity", output, List.of(value));
            }
            out.output(output, extents(graph.node(output)));
        }
        return out;
    }

    private String value(Node node) throws IOException {
        List<String> in = node.inputs().stream().map(values::get).toList();
        return switch (node.op()) {
            case Op.Input _ -> {
                out.input(node.name(), extents(node));
                yield node.name();
            }
            case Op.QuantStub stub -> quantized(node, in.getFirst(), stub.params().orElseThrow());
            case Op.DeQuantStub _, Op.Dropout _, Op.Identity _ -> in.getFirst();
            case Op.QuantizedConv2d c -> {
                String real = name(node.name() + ".real");
                out.node("Conv", real, layer(node, in.getFirst(), c.weight(), c.bias()),
                        FloatOperators.conv(c.weight().shape(), c.geometry()));
                yield activated(node.name(), real, c.relu(), c.out());
            }
            case Op.QuantizedLinear l -> linear(node, l, in.getFirst());
            case Op.QuantizedAdd a -> activated(node.name(), real(node, "Add", in), a.relu(), a.out());
            case Op.QuantizedMul m -> quantized(node, real(node, "Mul", in), m.out());
            case Op.QuantizedConcat c -> quantized(node, real(node, "Concat", in, number("axis", c.axis())), c.out());
            case Op.QuantizedLeakyRelu l -> quantized(node, real(node, "LeakyRelu", in,
                    number("alpha", l.negativeSlope())), l.out());
            case Op.QuantizedAvgPool2d p -> quantized(node, floats.write(node, name(node.name() + ".real"),
                    new Op.AvgPool2d(p.geometry(), p.countIncludePad()), in), p.out());
            case Op.QuantizedGlobalAvgPool2d p -> quantized(node, real(node, "GlobalAveragePool", in), p.out());
            case Op.QuantizedSigmoid s -> quantized(node, real(node, "Sigmoid", in), s.out());
            case Op.QuantizedBatchNorm2d b -> quantized(node, floats.write(node, name(node.name() + ".real"),
                    new Op.BatchNorm2d(b.weight(), b.bias(), b.mean(), b.variance(), b.eps()), in), b.out());
            case Op.AsQuantized q -> asQuantized(node, in.getFirst(), q.params());
            case Op.Conv2d _, Op.Linear _, Op.ConvTranspose2d _ when isDequantized(node.input()) -> {
                String kept = name(node.name() + ".kept_fp32");
                out.node("Max", kept, in);
                yield floats.write(node, node.name(), node.op(), List.of(kept));
            }
            default -> node.type() instanceof ValueType.Int8 t
                    ? quantized(node, floats.write(node, name(node.name() + ".real"), node.op(), in), t.params())
                    : floats.write(node, node.name(), node.op(), in);
        };
    }

    /**
     * Whether a value comes from DequantizeLinear, or would once ONNX Runtime has moved that behind what only moves values. An
     * fp32 layer right behind gets int8 weights from ONNX Runtime by itself. The maximum of one value, which ONNX Runtime takes for
     * no identity, keeps the layer as it was chosen.
     */
    private boolean isDequantized(String value) {
        Node node = graph.node(value);
        return switch (node.op()) {
            case Op.DeQuantStub _ -> true;
            case Op.MaxPool2d _, Op.Flatten _, Op.Reshape _, Op.Rearrange _, Op.Dropout _, Op.Identity _ -> isDequantized(node.input());
            default -> false;
        };
    }

    /** Gemm takes matrices: what has more axes is brought into one by int8 changes of shape, and back. */
    private String linear(Node node, Op.QuantizedLinear l, String input) {
        Shape shape = node.requireShape();
        String real = name(node.name() + ".real");
        if (shape.rank() == 2) {
            out.node("Gemm", real, layer(node, input, l.weight(), l.bias()), number("transB", 1));
            return activated(node.name(), real, l.relu(), l.out());
        }
        String rows = reshaped(node, input, -1, l.weight().shape().dim(1));
        String flat = quantized(name(node.name() + ".rows"), rows,
                ((ValueType.Int8) graph.node(node.input()).type()).params());
        out.node("Gemm", real, layer(node, flat, l.weight(), l.bias()), number("transB", 1));
        int[] extents = shape.toArray();
        extents[0] = -1;
        return quantized(node, reshaped(node, activated(name(node.name() + ".product"), real, l.relu(), l.out()), extents), l.out());
    }

    private String reshaped(Node node, String value, int... shape) {
        String reshaped = name(node.name() + ".reshaped");
        out.node("Reshape", reshaped, List.of(value, out.longs(name(node.name() + ".shape"),
                IntStream.of(shape).asLongStream().toArray())));
        return reshaped;
    }

    /** The same levels, dequantized in another way. */
    private String asQuantized(Node node, String input, QuantParams.PerTensor params) {
        QuantParams.PerTensor before = ((ValueType.Int8) graph.node(node.input()).type()).params();
        String levels = levels(node.name(), input, before);
        out.node("DequantizeLinear", node.name(), List.of(levels, out.floats(name(node.name() + ".other_scale"), true, params.scale()),
                zeroPoint(node.name() + ".other_zero_point", params)));
        return node.name();
    }

    private String real(Node node, String operator, List<String> in, OnnxMessage... attributes) {
        String real = name(node.name() + ".real");
        out.node(operator, real, in, attributes);
        return real;
    }

    /** Input, weight and bias; the weight as int8 levels, the bias as int32 ones of the accumulator's scale. */
    private List<String> layer(Node node, String input, QuantizedTensor weight, Optional<FloatTensor> bias) {
        boolean each = weight.params() instanceof QuantParams.PerChannel;
        int channels = weight.shape().dim(0);
        float[] scales = new float[each ? channels : 1];
        byte[] zeroPoints = new byte[scales.length];
        for (int o = 0; o < scales.length; o++) {
            scales[o] = weight.params().scale(o);
            zeroPoints[o] = (byte) weight.params().zeroPoint(o);
        }
        List<String> inputs = new ArrayList<>(List.of(input, dequantized(node.name() + ".weight", each,
                out.bytes(name(node.name() + ".weight.int8"), signed(weight.params()), weight.shape(), weight.levels()), scales,
                out.bytes(name(node.name() + ".weight.zero_point"), signed(weight.params()), scalarOr(each, scales.length),
                        zeroPoints))));
        if (bias.isPresent()) {
            float inputScale = ((ValueType.Int8) graph.node(node.input()).type()).params().scale();
            int[] levels = new int[channels];
            float[] accumulator = new float[scales.length];
            for (int o = 0; o < channels; o++) {
                float scale = inputScale * weight.params().scale(o);
                accumulator[each ? o : 0] = scale;
                levels[o] = BiasQuantization.onnx(bias.get().data()[o], scale);
            }
            inputs.add(dequantized(node.name() + ".bias", each, out.ints(name(node.name() + ".bias.int32"), false, levels),
                    accumulator, out.ints(name(node.name() + ".bias.zero_point"), !each, new int[scales.length])));
        }
        return inputs;
    }

    private static boolean signed(QuantParams params) {
        return params.dtype() == QuantDtype.QINT8;
    }

    private static Shape scalarOr(boolean vector, int n) {
        return vector ? Shape.of(n) : Shape.of();
    }

    private String dequantized(String wanted, boolean each, String levels, float[] scales, String zeroPoint) {
        String value = name(wanted);
        List<String> inputs = List.of(levels, out.floats(name(wanted + ".scale"), !each, scales), zeroPoint);
        if (each) {
            out.node("DequantizeLinear", value, inputs, number("axis", 0));
        } else {
            out.node("DequantizeLinear", value, inputs);
        }
        return value;
    }

    /**
     * A fused ReLU stands in front of QuantizeLinear where that is the same. With another zero point than the lowest level ONNX Runtime
     * would then run the layer in fp32; comparing the levels behind it gives what the fused kernel gives.
     */
    private String activated(String value, String real, boolean relu, QuantParams.PerTensor params) {
        if (!relu) {
            return quantized(value, real, params);
        }
        if (params.zeroPoint() == params.dtype().min()) {
            String positive = name(value + ".relu");
            out.node("Relu", positive, List.of(real));
            return quantized(value, positive, params);
        }
        String before = quantized(name(value + ".before_relu"), real, params);
        String positive = name(value + ".relu");
        out.node("Relu", positive, List.of(before));
        return quantized(value, positive, params);
    }

    private String quantized(Node node, String real, QuantParams.PerTensor params) {
        return quantized(node.name(), real, params);
    }

    /** QuantizeLinear and DequantizeLinear with the same parameters. */
    private String quantized(String value, String real, QuantParams.PerTensor params) {
        String scale = out.floats(name(value + ".scale"), true, params.scale());
        String zeroPoint = zeroPoint(value + ".zero_point", params);
        String levels = name(value + ".quantized");
        out.node("QuantizeLinear", levels, List.of(real, scale, zeroPoint));
        out.node("DequantizeLinear", value, List.of(levels, scale, zeroPoint));
        return value;
    }

    private String levels(String value, String real, QuantParams.PerTensor params) {
        String levels = name(value + ".quantized");
        out.node("QuantizeLinear", levels, List.of(real, out.floats(name(value + ".scale"), true, params.scale()),
                zeroPoint(value + ".zero_point", params)));
        return levels;
    }

    private String zeroPoint(String wanted, QuantParams.PerTensor params) {
        return out.bytes(name(wanted), signed(params), Shape.of(), new byte[] {(byte) params.zeroPoint()});
    }

    /** A name that nothing has yet: the wanted one, or that with _1, _2, ... */
    private String name(String wanted) {
        String name = wanted;
        for (int i = 1; !taken.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }

    /** With the batch open. */
    private static int[] extents(Node node) {
        int[] extents = node.requireShape().toArray();
        extents[0] = 0;
        return extents;
    }
}
