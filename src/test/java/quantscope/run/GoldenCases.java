package quantscope.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Op;
import quantscope.graph.PoolGeometry;
import quantscope.graph.SignOfZero;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Inputs, parameters and results of real backends, made by the make_golden.py beside each file. */
final class GoldenCases {

    record Case(String name, Op op, List<Value> inputs, Value expected, boolean channelsLast,
                Optional<FloatTensor> sums) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final byte[] blob;

    private GoldenCases(byte[] blob) {
        this.blob = blob;
    }

    static List<Case> all() {
        return all("kernels/kernels");
    }

    /** @param name of a pair of files, json and bin, under golden */
    static List<Case> all(String name) {
        try (InputStream json = open(name + ".json"); InputStream bin = open(name + ".bin")) {
            GoldenCases reader = new GoldenCases(bin.readAllBytes());
            List<Case> cases = new ArrayList<>();
            for (JsonNode node : new ObjectMapper().readTree(json)) {
                cases.add(reader.read(node));
            }
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) {
        return Objects.requireNonNull(GoldenCases.class.getResourceAsStream("/golden/" + name), name);
    }

    private Case read(JsonNode node) {
        List<Value> inputs = new ArrayList<>();
        node.get("in").forEach(t -> inputs.add(tensor(t)));
        Value out = tensor(node.get("out"));
        Optional<FloatTensor> sums = node.get("params").has("sums")
                ? Optional.of(floats(node.get("params"), "sums")) : Optional.empty();
        return new Case(node.get("name").asText(), op(node.get("op").asText(), node.get("attrs"),
                node.get("params"), inputs, out), inputs, out,
                node.get("last").asBoolean(), sums);
    }

    private Op op(String op, JsonNode a, JsonNode p, List<Value> in, Value out) {
        return switch (op) {
            case "qconv" -> new Op.QuantizedConv2d(levels(p, "weight"), bias(p), conv(a), a.get("relu").asBoolean(),
                    params(out));
            case "qlinear" -> new Op.QuantizedLinear(levels(p, "weight"), bias(p), a.get("relu").asBoolean(),
                    params(out));
            case "quantize" -> new Op.QuantStub(Optional.of(params(out)));
            case "dequantize" -> new Op.DeQuantStub();
            case "qadd" -> new Op.QuantizedAdd(a.get("relu").asBoolean(), params(out));
            case "qmul" -> new Op.QuantizedMul(params(out));
            case "qcat" -> new Op.QuantizedConcat(a.get("axis").asInt(), params(out));
            case "qleaky" -> new Op.QuantizedLeakyRelu(number(a, "slope"), params(out));
            case "qsigmoid" -> new Op.QuantizedSigmoid(params(out));
            case "qbatchnorm" -> new Op.QuantizedBatchNorm2d(floats(p, "weight"), floats(p, "bias"),
                    floats(p, "mean"), floats(p, "var"), number(a, "eps"), params(out));
            case "batchnorm" -> new Op.BatchNorm2d(floats(p, "weight"), floats(p, "bias"), floats(p, "mean"),
                    floats(p, "var"), number(a, "eps"));
            case "relu" -> new Op.Relu();
            case "clip" -> new Op.Clip(number(a, "min"), number(a, "max"));
            case "leaky" -> new Op.LeakyRelu(number(a, "slope"));
            case "sigmoid" -> new Op.Sigmoid();
            case "maxpool" -> new Op.MaxPool2d(pool(a, a.get("dil").asInt()));
            case "avgpool" -> new Op.AvgPool2d(pool(a, 1), a.get("include").asBoolean());
            case "adaptive" -> new Op.AdaptiveAvgPool2d(a.get("h").asInt(), a.get("w").asInt());
            case "conv" -> new Op.Conv2d(floats(p, "weight"), bias(p), conv(a));
            case "linear" -> new Op.Linear(floats(p, "weight"), bias(p));
            case "lrn" -> new Op.LocalResponseNorm(a.get("size").asInt(), number(a, "alpha"), number(a, "beta"),
                    number(a, "k"));
            case "softmax" -> new Op.Softmax(a.get("axis").asInt());
            case "logsoftmax" -> new Op.LogSoftmax(a.get("axis").asInt());
            case "add" -> new Op.Add();
            case "mul" -> new Op.Mul();
            case "cat" -> new Op.Concat(a.get("axis").asInt());
            case "binary" -> new Op.BinaryConv2d(scaled(floats(p, "weight"), floats(p, "alpha")), floats(p, "alpha"),
                    bias(p), conv(a), SignOfZero.ZERO);
            default -> throw new IllegalArgumentException(op);
        };
    }

    private static FloatTensor scaled(FloatTensor signs, FloatTensor alpha) {
        float[] weight = signs.data().clone();
        int depth = weight.length / alpha.data().length;
        for (int i = 0; i < weight.length; i++) {
            weight[i] *= alpha.data()[i / depth];
        }
        return new FloatTensor(signs.shape(), weight);
    }

    private static float number(JsonNode attributes, String name) {
        return (float) attributes.get(name).asDouble();
    }

    private static ConvGeometry conv(JsonNode a) {
        int stride = a.get("stride").asInt();
        int pad = a.get("pad").asInt();
        int dilation = a.get("dil").asInt();
        return new ConvGeometry(stride, stride, pad, pad, pad, pad, dilation, dilation, a.get("groups").asInt());
    }

    private static PoolGeometry pool(JsonNode a, int dilation) {
        int k = a.get("kernel").asInt();
        int s = a.get("stride").asInt();
        int p = a.get("pad").asInt();
        return new PoolGeometry(k, k, s, s, p, p, p, p, dilation, dilation, a.get("ceil").asBoolean());
    }

    private static QuantParams.PerTensor params(Value value) {
        return (QuantParams.PerTensor) ((Value.Int8) value).tensor().params();
    }

    private Optional<FloatTensor> bias(JsonNode params) {
        return params.has("bias") ? Optional.of(floats(params, "bias")) : Optional.empty();
    }

    private FloatTensor floats(JsonNode params, String name) {
        return ((Value.Fp32) tensor(params.get(name))).tensor();
    }

    private QuantizedTensor levels(JsonNode params, String name) {
        return ((Value.Int8) tensor(params.get(name))).tensor();
    }

    private Value tensor(JsonNode node) {
        List<Integer> dims = new ArrayList<>();
        node.get("shape").forEach(d -> dims.add(d.asInt()));
        Shape shape = new Shape(dims);
        int size = shape.size();
        String dtype = node.get("dtype").asText();
        ByteBuffer buffer = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN).position(node.get("at").asInt());
        if (dtype.equals("f32")) {
            float[] data = new float[size];
            buffer.asFloatBuffer().get(data);
            return new Value.Fp32(new FloatTensor(shape, data));
        }
        byte[] data = new byte[size];
        buffer.get(data);
        QuantDtype type = dtype.equals("u8") ? QuantDtype.QUINT8 : QuantDtype.QINT8;
        return new Value.Int8(new QuantizedTensor(shape, data, quantization(node, type)));
    }

    private static QuantParams quantization(JsonNode node, QuantDtype type) {
        if (node.has("scale")) {
            return new QuantParams.PerTensor(type, (float) node.get("scale").asDouble(), node.get("zero").asInt());
        }
        int n = node.get("scales").size();
        float[] scales = new float[n];
        int[] zeros = new int[n];
        for (int i = 0; i < n; i++) {
            scales[i] = (float) node.get("scales").get(i).asDouble();
            zeros[i] = node.get("zeros").get(i).asInt();
        }
        return new QuantParams.PerChannel(type, scales, zeros, 0);
    }
}
