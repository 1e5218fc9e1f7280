package quantscope.format.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import quantscope.format.ModelFormatException;
import quantscope.graph.Op;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * Operators between DequantizeLinear and QuantizeLinear that ONNX Runtime replaces by int8 kernels: each becomes one int8 layer.
 * Whatever does not fit, here or there, stays fp32 between its DequantizeLinear and QuantizeLinear.
 */
final class Int8Patterns {

    /** They move or compare values, so their levels are their inputs' where both have the same parameters. */
    private static final Set<String> MOVES = Set.of("MaxPool", "GlobalMaxPool", "Reshape", "Flatten", "Transpose", "Squeeze",
            "Unsqueeze", "Slice", "Identity", "Dropout", "Relu", "DepthToSpace", "SpaceToDepth", "Expand", "Tile", "Gather");

    private final Call call;
    private final Operator operator;
    private final List<OnnxFile.NodePart> behind = new ArrayList<>();
    private boolean relu;

    private Int8Patterns(Call call, Operator operator) {
        this.call = call;
        this.operator = operator;
    }

    /**
     * Translates a node and those behind it into an int8 layer.
     *
     * @return false where it is no such node; then nothing has been changed
     */
    static boolean translate(Call call, Operator operator) throws NotSupportedException, ModelFormatException {
        return new Int8Patterns(call, operator).translate();
    }

    private boolean translate() throws NotSupportedException, ModelFormatException {
        if (!call.node().domain().isEmpty() || call.inputs() == 0 || call.realOf(0).isEmpty() && call.levels(0).isEmpty()) {
            return false;
        }
        Optional<QuantParams.PerTensor> out = quantizedBehind();
        if (out.isEmpty()) {
            return false;
        }
        String operation = call.node().operator();
        boolean made = MOVES.contains(operation) ? moved(out.get()) : switch (operation) {
            case "Conv" -> conv(out.get());
            case "Gemm" -> gemm(out.get());
            case "MatMul" -> matMul(out.get());
            case "Add" -> pair(new Op.QuantizedAdd(relu, out.get()));
            case "Mul" -> !relu && pair(new Op.QuantizedMul(out.get()));
            case "Concat" -> concat(out.get());
            case "Sigmoid" -> one(new Op.QuantizedSigmoid(out.get()));
            case "LeakyRelu" -> one(new Op.QuantizedLeakyRelu(call.attributes().number("alpha", 0.01f), out.get()));
            case "GlobalAveragePool" -> call.shape(0).rank() == 4 && one(new Op.QuantizedGlobalAvgPool2d(out.get()));
            case "AveragePool" -> call.shape(0).rank() == 4 && one(new Op.QuantizedAvgPool2d(PoolOperators.geometry(call),
                    call.attributes().integer("count_include_pad", 0) != 0, out.get()));
            default -> false;
        };
        if (made) {
            for (OnnxFile.NodePart part : behind) {
                call.absorb(part);
            }
        }
        return made;
    }

    /**
     * The parameters that the only reader quantizes to. A ReLU or clip may stand between: where it cuts off nothing that the levels
     * can express, ONNX Runtime takes it out; elsewhere it keeps the layer in fp32.
     */
    private Optional<QuantParams.PerTensor> quantizedBehind() throws NotSupportedException, ModelFormatException {
        Optional<OnnxFile.NodePart> reader = call.onlyReader();
        Optional<OnnxFile.NodePart> activation = reader.filter(n -> n.domain().isEmpty()
                && (n.operator().equals("Relu") || n.operator().equals("Clip")) && n.outputs().size() == 1);
        if (activation.isPresent()) {
            behind.add(activation.get());
            reader = call.onlyReaderOf(activation.get().outputs().getFirst());
        }
        if (reader.isEmpty() || !reader.get().operator().equals("QuantizeLinear") || !reader.get().domain().isEmpty()
                || reader.get().outputs().size() != 1) {
            return Optional.empty();
        }
        behind.add(reader.get());
        Optional<QuantParams.PerTensor> params = params(call.of(reader.get()));
        if (params.isEmpty() || activation.isEmpty()) {
            return params;
        }
        relu = true;
        QuantParams.PerTensor p = params.get();
        float lowest = (p.dtype().min() - p.zeroPoint()) * p.scale();
        float highest = (p.dtype().max() - p.zeroPoint()) * p.scale();
        Call clip = call.of(activation.get());
        boolean isRelu = activation.get().operator().equals("Relu");
        float min = isRelu ? 0 : bound(clip, 1, "min", Float.NEGATIVE_INFINITY);
        float max = isRelu ? Float.POSITIVE_INFINITY : bound(clip, 2, "max", Float.POSITIVE_INFINITY);
        relu = min == 0;
        return params.filter(_ -> lowest >= min && highest <= max && !MOVES.contains(call.node().operator()));
    }

    private static float bound(Call clip, int input, String attribute, float otherwise)
            throws NotSupportedException, ModelFormatException {
        // A bound that is computed cuts off who knows what.
        return clip.has(input) ? clip.isKnown(input) ? clip.scalar(input, attribute) : Float.NaN
                : clip.attributes().number(attribute, otherwise);
    }

    private static Optional<QuantParams.PerTensor> params(Call quantize) throws NotSupportedException, ModelFormatException {
        if (!quantize.isKnown(1) || !QuantOperators.isPerTensor(quantize, 1) || quantize.has(2) && !quantize.isKnown(2)) {
            return Optional.empty();
        }
        ElementType type = quantize.has(2) ? quantize.knownType(2).orElse(ElementType.UINT8) : ElementType.of(
                quantize.attributes().integer("output_dtype", 2)).orElse(ElementType.FLOAT);
        return type == ElementType.UINT8 || type == ElementType.INT8
                ? Optional.of(QuantOperators.params(quantize, 1, 2, QuantOperators.dtype(type))) : Optional.empty();
    }

    private boolean conv(QuantParams.PerTensor out) throws NotSupportedException, ModelFormatException {
        Optional<QuantizedTensor> weight = weight(0);
        if (call.realOf(0).isEmpty() || weight.isEmpty() || weight.get().shape().rank() != 4) {
            return false;
        }
        ConvOperators.weight(call);
        Optional<Optional<FloatTensor>> bias = bias(2, weight.get());
        if (bias.isEmpty()) {
            return false;
        }
        Op op = new Op.QuantizedConv2d(weight.get(), bias.get(), Window.of(call, ConvOperators.kernel(weight.get().shape()))
                .convolution(ConvOperators.groups(call)), relu, out);
        call.emit(op, call.realOf(0).get());
        return true;
    }

    private boolean gemm(QuantParams.PerTensor out) throws NotSupportedException, ModelFormatException {
        Attributes a = call.attributes();
        boolean transposed = a.integer("transB", 0) != 0;
        Optional<QuantizedTensor> weight = weight(transposed ? 0 : 1);
        if (a.integer("transA", 0) != 0 || a.number("alpha", 1) != 1 || a.number("beta", 1) != 1) {
            return false;
        }
        return linear(weight.map(w -> transposed || w.shape().rank() != 2 ? w : QuantizedWeights.transposed(w)), out);
    }

    /** Weights that are fp32 in the file are quantized for Conv and Gemm, as ONNX Runtime does when it opens a model. */
    private Optional<QuantizedTensor> weight(int axis) throws NotSupportedException, ModelFormatException {
        if (call.levels(1).isPresent() || !call.isKnown(1)) {
            return call.levels(1).flatMap(l -> l.tensor(axis));
        }
        return Optional.of(QuantizedWeights.quantized(call.weights(1, "weight")));
    }

    private boolean matMul(QuantParams.PerTensor out) throws NotSupportedException, ModelFormatException {
        return linear(call.levels(1).flatMap(l -> l.tensor(1)).filter(w -> w.shape().rank() == 2)
                .map(QuantizedWeights::transposed), out);
    }

    private boolean linear(Optional<QuantizedTensor> weight, QuantParams.PerTensor out)
            throws NotSupportedException, ModelFormatException {
        if (call.realOf(0).isEmpty() || weight.isEmpty() || weight.get().shape().rank() != 2) {
            return false;
        }
        Optional<Optional<FloatTensor>> bias = bias(2, weight.get());
        if (bias.isEmpty()) {
            return false;
        }
        call.emit(new Op.QuantizedLinear(weight.get(), bias.get(), relu, out), call.realOf(0).get());
        return true;
    }

    /** The outer empty where there is a bias that no int8 kernel takes, the inner where there is none. */
    private Optional<Optional<FloatTensor>> bias(int i, QuantizedTensor weight) throws NotSupportedException, ModelFormatException {
        if (!call.has(i)) {
            return Optional.of(Optional.empty());
        }
        int outputs = weight.shape().dim(0);
        if (!call.isKnown(i) || call.known(i, "bias").shape().elements() != outputs) {
            return Optional.empty();
        }
        Optional<KnownLevels> levels = call.levels(i);
        if (levels.isEmpty()) {
            return Optional.of(Optional.of(call.weights(i, "bias").reshaped(Shape.of(outputs))));
        }
        if (levels.get().type() != ElementType.INT32) {
            return Optional.empty();
        }
        for (long zeroPoint : levels.get().zeroPoints()) {
            if (zeroPoint != 0) {
                return Optional.empty();
            }
        }
        float scale = call.int8Type(call.realOf(0).orElseThrow()).orElseThrow().scale();
        return QuantizedWeights.bias(levels.get().longs().data(), scale, weight.params()).map(Optional::of);
    }

    private boolean one(Op op) throws ModelFormatException {
        if (relu || call.realOf(0).isEmpty()) {
            return false;
        }
        call.emit(op, call.realOf(0).get());
        return true;
    }

    /** Constants of 8 bits are quantized again, which gives their own levels. */
    private boolean pair(Op op) throws NotSupportedException, ModelFormatException {
        for (int i = 0; i < 2; i++) {
            if (call.realOf(i).isEmpty() && constant(i).isEmpty()) {
                return false;
            }
        }
        Batch.requireImagewise(call);
        String[] sources = new String[2];
        for (int i = 0; i < 2; i++) {
            sources[i] = call.realOf(i).isPresent() ? call.realOf(i).get()
                    : call.quantizedConstant(i, constant(i).orElseThrow());
        }
        call.emit(op, sources);
        return true;
    }

    private Optional<QuantParams.PerTensor> constant(int i) {
        return call.levels(i).flatMap(l -> l.tensor(0)).map(QuantizedTensor::params)
                .filter(QuantParams.PerTensor.class::isInstance).map(QuantParams.PerTensor.class::cast);
    }

    private boolean concat(QuantParams.PerTensor out) throws NotSupportedException, ModelFormatException {
        int axis = call.axis("axis", 1, call.shape(0).rank());
        String[] sources = new String[call.inputs()];
        for (int i = 0; i < sources.length; i++) {
            if (call.realOf(i).isEmpty() || axis == 0 || relu) {
                return false;
            }
            sources[i] = call.realOf(i).get();
        }
        Batch.requireImagewise(call);
        call.emit(new Op.QuantizedConcat(axis, out), sources);
        return true;
    }

    private boolean moved(QuantParams.PerTensor out) throws NotSupportedException, ModelFormatException {
        if (call.realOf(0).isEmpty() || !call.int8Type(call.realOf(0).get()).equals(Optional.of(out))) {
            return false;
        }
        operator.translate(call.onLevels());
        return true;
    }
}
