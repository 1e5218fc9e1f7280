package quantscope.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.PoolGeometry;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** A graph as calls of libtorch's operators, weights packed for the quantized engine that is set. */
final class TorchPlan {

    /** How fp32 convolutions get their values and weights. */
    enum Fp32 {
        CONTIGUOUS, CHANNELS_LAST,
        /** Weights in oneDNN's own blocks, ReLU fused, as PyTorch's compiler leaves them to oneDNN. */
        PREPACKED
    }

    /** One operator: inputs are names of steps or of the graph's input. */
    record Step(String name, List<String> inputs, TorchOperator operator, IValue[] parameters) { }

    private final Graph graph;
    private final Fp32 fp32;
    private final int batch;
    private final Map<String, String> names = new HashMap<>();
    private final List<Step> steps = new ArrayList<>();

    private TorchPlan(Graph graph, Fp32 fp32, int batch) {
        this.graph = graph;
        this.fp32 = fp32;
        this.batch = batch;
    }

    /** @throws IllegalArgumentException for an operator that no benchmark has */
    static List<Step> of(Graph graph, Fp32 fp32, int batch) {
        TorchPlan plan = new TorchPlan(graph, fp32, batch);
        graph.nodes().forEach(plan::node);
        return plan.steps;
    }

    private void node(Node n) {
        switch (n.op()) {
            case Op.Input _ -> names.put(n.name(), n.name());
            case Op.Conv2d c -> conv(n, c);
            case Op.Linear l -> linear(n, l);
            case Op.Relu _ -> relu(n);
            case Op.Add _ -> step(n, "aten::add_", "Tensor", new IValue(1L));
            case Op.MaxPool2d p -> pool(n, p.geometry());
            case Op.AdaptiveAvgPool2d p -> step(n, "aten::adaptive_avg_pool2d", "",
                    TorchOperator.ints(p.outHeight(), p.outWidth()));
            case Op.Flatten f -> step(n, "aten::flatten", "using_ints", new IValue((long) f.startDim()), new IValue(-1L));
            case Op.Dropout _, Op.Identity _ -> names.put(n.name(), names.get(n.input()));
            case Op.QuantStub q -> {
                QuantParams.PerTensor p = q.params().orElseThrow();
                step(n, "aten::quantize_per_tensor", "", scale(p), zero(p),
                        new IValue((long) torch.ScalarType.QUInt8.value));
            }
            case Op.DeQuantStub _ -> step(n, "aten::dequantize", "self");
            case Op.QuantizedConv2d q -> step(n, q.relu() ? "quantized::conv2d_relu" : "quantized::conv2d", "new",
                    packed("quantized::conv2d_prepack", q.weight(), q.bias(), geometry(n, q.geometry())), scale(q.out()),
                    zero(q.out()));
            case Op.QuantizedLinear q -> step(n, q.relu() ? "quantized::linear_relu" : "quantized::linear", "",
                    packed("quantized::linear_prepack", q.weight(), q.bias()), scale(q.out()), zero(q.out()));
            case Op.QuantizedAdd q -> step(n, q.relu() ? "quantized::add_relu" : "quantized::add", "", scale(q.out()),
                    zero(q.out()));
            default -> throw new IllegalArgumentException(n.name() + ": " + n.op().kind());
        }
    }

    private void conv(Node n, Op.Conv2d c) {
        IValue[] geometry = geometry(n, c.geometry());
        if (fp32 != Fp32.PREPACKED) {
            step(n, "aten::conv2d", "", with(List.of(floats(c.weight()), optional(c.bias())), geometry));
            return;
        }
        Shape in = graph.node(n.input()).requireShape();
        IValue[] parameters = with(List.of(floats(c.weight()), optional(c.bias())), geometry);
        parameters = with(List.of(parameters), TorchOperator.ints(batch, in.dim(1), in.dim(2), in.dim(3)),
                new IValue(fuses(n) ? "relu" : "none"));
        step(n, "mkldnn_prepacked::conv2d_run", "",
                TorchOperator.of("mkldnn_prepacked::conv2d_prepack", "").call(parameters));
    }

    private void linear(Node n, Op.Linear l) {
        if (fp32 != Fp32.PREPACKED) {
            step(n, "aten::linear", "", floats(l.weight()), optional(l.bias()));
            return;
        }
        IValue weight = TorchOperator.of("mkldnn::_reorder_linear_weight", "")
                .call(floats(l.weight()), new IValue((long) batch));
        step(n, "mkldnn::_linear_pointwise", "", weight, optional(l.bias()), new IValue(fuses(n) ? "relu" : "none"),
                TorchOperator.noScalars(), TorchOperator.none());
    }

    private boolean fuses(Node layer) {
        List<String> readers = graph.consumers(layer.name());
        return fp32 == Fp32.PREPACKED && readers.size() == 1
                && graph.node(readers.getFirst()).op() instanceof Op.Relu;
    }

    /** Int8 layers have their ReLU inside already, and the graph keeps it as a step that changes nothing. */
    private void relu(Node n) {
        Node input = graph.node(n.input());
        boolean done = switch (input.op()) {
            case Op.QuantizedConv2d q -> q.relu();
            case Op.QuantizedLinear q -> q.relu();
            case Op.QuantizedAdd q -> q.relu();
            case Op.Conv2d _, Op.Linear _ -> fuses(input);
            default -> false;
        };
        if (done) {
            names.put(n.name(), names.get(n.input()));
        } else {
            step(n, "aten::relu_", "");
        }
    }

    private void pool(Node n, PoolGeometry g) {
        if (g.padTop() != g.padBottom() || g.padLeft() != g.padRight()) {
            throw new IllegalArgumentException(n.name() + ": one-sided padding");
        }
        step(n, "aten::max_pool2d", "", TorchOperator.ints(g.kernelH(), g.kernelW()),
                TorchOperator.ints(g.strideH(), g.strideW()), TorchOperator.ints(g.padTop(), g.padLeft()),
                TorchOperator.ints(g.dilationH(), g.dilationW()), new IValue(g.ceilMode()));
    }

    private void step(Node n, String operator, String overload, IValue... parameters) {
        names.put(n.name(), n.name());
        steps.add(new Step(n.name(), n.inputs().stream().map(names::get).toList(),
                TorchOperator.of(operator, overload), parameters));
    }

    /** Stride, padding, dilation, groups. */
    private static IValue[] geometry(Node n, ConvGeometry g) {
        if (!g.symmetricPadding()) {
            throw new IllegalArgumentException(n.name() + ": one-sided padding");
        }
        return new IValue[] {TorchOperator.ints(g.strideH(), g.strideW()), TorchOperator.ints(g.padTop(), g.padLeft()),
            TorchOperator.ints(g.dilationH(), g.dilationW()), new IValue((long) g.groups())};
    }

    /** Levels are recovered exactly: quantizing (level - zero point) * scale gives the level. */
    private static IValue packed(String prepack, QuantizedTensor weight, Optional<FloatTensor> bias,
                                 IValue... geometry) {
        int channels = weight.shape().dim(0);
        float[] scales = new float[channels];
        float[] real = new float[weight.levels().length];
        int each = real.length / channels;
        for (int i = 0; i < real.length; i++) {
            real[i] = (weight.level(i) - weight.params().zeroPoint(i / each)) * weight.params().scale(i / each);
        }
        if (weight.params() instanceof QuantParams.PerTensor p) {
            IValue levels = TorchOperator.of("aten::quantize_per_tensor", "").call(
                    new IValue(Tensor.create(real, TorchOperator.dims(weight.shape()))), scale(p), zero(p),
                    new IValue((long) torch.ScalarType.QInt8.value));
            return TorchOperator.of(prepack, "").call(with(List.of(levels, optional(bias)), geometry));
        }
        for (int o = 0; o < channels; o++) {
            scales[o] = weight.params().scale(o);
        }
        Tensor levels = torch.quantize_per_channel(Tensor.create(real, TorchOperator.dims(weight.shape())),
                Tensor.create(scales, channels), Tensor.create(new long[channels], channels), 0, torch.ScalarType.QInt8);
        return TorchOperator.of(prepack, "").call(with(List.of(new IValue(levels), optional(bias)), geometry));
    }

    private IValue floats(FloatTensor values) {
        Tensor tensor = TorchOperator.tensor(values);
        return new IValue(fp32 == Fp32.CHANNELS_LAST && values.shape().rank() == 4
                ? tensor.contiguous(torch.MemoryFormat.ChannelsLast) : tensor);
    }

    private static IValue optional(Optional<FloatTensor> values) {
        return values.map(v -> new IValue(TorchOperator.tensor(v))).orElse(TorchOperator.none());
    }

    private static IValue scale(QuantParams.PerTensor params) {
        return new IValue((double) params.scale());
    }

    private static IValue zero(QuantParams.PerTensor params) {
        return new IValue((long) params.zeroPoint());
    }

    private static IValue[] with(List<IValue> first, IValue... more) {
        List<IValue> all = new ArrayList<>(first);
        all.addAll(List.of(more));
        return all.toArray(IValue[]::new);
    }
}
