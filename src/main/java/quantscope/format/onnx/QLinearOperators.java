package quantscope.format.onnx;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Known;
import quantscope.graph.Op;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;

/** Operators on levels with scales and zero points as inputs: ONNX's own, and ONNX Runtime's, whose domain is com.microsoft. */
final class QLinearOperators {

    private static final String MICROSOFT = "com.microsoft:";

    private QLinearOperators() { }

    static void register(Map<String, Operator> operators) {
        operators.put("QLinearConv", QLinearOperators::conv);
        operators.put("QLinearMatMul", QLinearOperators::matMul);
        operators.put(MICROSOFT + "QGemm", QLinearOperators::gemm);
        operators.put(MICROSOFT + "QLinearAdd", call -> pair(call, new Op.QuantizedAdd(false, out(call, 6))));
        operators.put(MICROSOFT + "QLinearMul", call -> pair(call, new Op.QuantizedMul(out(call, 6))));
        operators.put(MICROSOFT + "QLinearSigmoid", call -> call.emit(new Op.QuantizedSigmoid(out(call, 3)), levels(call, 0)));
        operators.put(MICROSOFT + "QLinearLeakyRelu", call -> call.emit(new Op.QuantizedLeakyRelu(
                call.attributes().number("alpha", 0.01f), out(call, 3)), levels(call, 0)));
        operators.put(MICROSOFT + "QLinearConcat", QLinearOperators::concat);
        operators.put(MICROSOFT + "QLinearGlobalAveragePool", QLinearOperators::globalAverage);
        operators.put(MICROSOFT + "QLinearAveragePool", QLinearOperators::average);
        // ONNX Runtime's domain has these two, too.
        operators.put(MICROSOFT + "QuantizeLinear", operators.get("QuantizeLinear"));
        operators.put(MICROSOFT + "DequantizeLinear", operators.get("DequantizeLinear"));
    }

    /** The int8 layer of an input, whose scale and zero point are the two inputs behind it. */
    private static String levels(Call call, int i) throws NotSupportedException, ModelFormatException {
        if (call.isKnown(i)) {
            QuantParams.PerTensor params = QuantOperators.params(call, i + 1, i + 2, QuantOperators.dtype(
                    call.knownType(i).orElse(ElementType.UINT8)));
            return call.quantizedConstant(i, params, dequantized(call.known(i, "constant"), params));
        }
        String source = call.source(i);
        QuantParams.PerTensor has = call.int8Type(source).orElseThrow(() -> new NotSupportedException(
                "its input " + source + " is not int8"));
        return call.asQuantized(source, QuantOperators.params(call, i + 1, i + 2, has.dtype()));
    }

    private static FloatTensor dequantized(Known levels, QuantParams.PerTensor params) {
        long[] in = levels.longs().data();
        float[] out = new float[in.length];
        for (int k = 0; k < out.length; k++) {
            out[k] = (in[k] - params.zeroPoint()) * params.scale();
        }
        return new FloatTensor(levels.shape(), out);
    }

    /** What the output's scale and zero point, this input and the next, say. */
    private static QuantParams.PerTensor out(Call call, int scale) throws NotSupportedException, ModelFormatException {
        ElementType type = call.has(scale + 1) ? call.knownType(scale + 1).orElse(ElementType.UINT8) : ElementType.UINT8;
        return QuantOperators.params(call, scale, scale + 1, QuantOperators.dtype(type));
    }

    /** @param axis along which there may be a scale each */
    private static QuantizedTensor weight(Call call, int i, int axis) throws NotSupportedException, ModelFormatException {
        Known.Longs longs = call.known(i, "weight").longs();
        float[] scales = call.known(i + 1, "weight's scale").floats().data();
        long[] zeroPoints = call.has(i + 2) ? call.known(i + 2, "weight's zero point").longs().data() : new long[scales.length];
        if (zeroPoints.length == 1 && scales.length > 1) {
            long[] all = new long[scales.length];
            Arrays.fill(all, zeroPoints[0]);
            zeroPoints = all;
        }
        if (zeroPoints.length != scales.length || scales.length > 1 && (longs.shape().rank() <= axis
                || longs.shape().dim(axis) != scales.length)) {
            throw call.error(scales.length + " scales and " + zeroPoints.length + " zero points do not fit weight "
                    + longs.shape());
        }
        return new KnownLevels(longs, call.knownType(i).orElse(ElementType.UINT8), scales, zeroPoints, axis).tensor(axis)
                .orElseThrow(() -> new NotSupportedException("its weight is not made of 8-bit levels with positive scales"));
    }

    private static Optional<FloatTensor> bias(Call call, int i, String input, QuantizedTensor weight)
            throws NotSupportedException, ModelFormatException {
        if (!call.has(i)) {
            return Optional.empty();
        }
        long[] levels = call.known(i, "bias").longs().data();
        if (levels.length != weight.shape().dim(0)) {
            throw call.error("bias has " + levels.length + " elements, expected " + weight.shape().dim(0));
        }
        float scale = call.int8Type(input).orElseThrow().scale();
        return Optional.of(QuantizedWeights.bias(levels, scale, weight.params()).orElseThrow(() -> new NotSupportedException(
                "its bias has levels beyond 2^24")));
    }

    private static void conv(Call call) throws NotSupportedException, ModelFormatException {
        QuantizedTensor weight = weight(call, 3, 0);
        if (weight.shape().rank() != 4 || weight.shape().elements() == 0) {
            throw new NotSupportedException("its weight is " + weight.shape()
                    + ", only two-dimensional convolutions are supported");
        }
        String input = levels(call, 0);
        call.emit(new Op.QuantizedConv2d(weight, bias(call, 8, input, weight), Window.of(call,
                ConvOperators.kernel(weight.shape())).convolution(ConvOperators.groups(call)), false, out(call, 6)), input);
    }

    private static void matMul(Call call) throws NotSupportedException, ModelFormatException {
        QuantizedTensor weight = weight(call, 3, 1);
        if (weight.shape().rank() != 2) {
            throw new NotSupportedException("its weight " + weight.shape() + " is not a matrix");
        }
        call.emit(new Op.QuantizedLinear(QuantizedWeights.transposed(weight), Optional.empty(), false, out(call, 6)),
                levels(call, 0));
    }

    /** Inputs A, its scale and zero point, B, ..., C, and the output's, without which it makes fp32. */
    private static void gemm(Call call) throws NotSupportedException, ModelFormatException {
        Attributes a = call.attributes();
        if (a.integer("transA", 0) != 0 || a.number("alpha", 1) != 1 || !call.has(7)) {
            throw new NotSupportedException("only int8 products of an image's features with a weight, with alpha = 1, are"
                    + " supported");
        }
        boolean transposed = a.integer("transB", 0) != 0;
        QuantizedTensor given = weight(call, 3, transposed ? 0 : 1);
        if (given.shape().rank() != 2) {
            throw call.error("weight " + given.shape() + " is not a matrix");
        }
        QuantizedTensor weight = transposed ? given : QuantizedWeights.transposed(given);
        String input = levels(call, 0);
        call.emit(new Op.QuantizedLinear(weight, bias(call, 6, input, weight), false, out(call, 7)), input);
    }

    private static void pair(Call call, Op op) throws NotSupportedException, ModelFormatException {
        call.emit(op, levels(call, 0), levels(call, 3));
    }

    /** The output's scale and zero point come first, then each input with its own. */
    private static void concat(Call call) throws NotSupportedException, ModelFormatException {
        int axis = call.axis("axis", 1, call.shape(2).rank());
        if (axis == 0 && !call.oneImage()) {
            throw NotSupportedException.mixing("it joins along the batch");
        }
        String[] sources = new String[(call.inputs() - 2) / 3];
        for (int i = 0; i < sources.length; i++) {
            sources[i] = levels(call, 2 + 3 * i);
        }
        call.emit(new Op.QuantizedConcat(axis, out(call, 0)), sources);
    }

    private static void globalAverage(Call call) throws NotSupportedException, ModelFormatException {
        requireChannelsFirst(call);
        call.emit(new Op.QuantizedGlobalAvgPool2d(out(call, 3)), levels(call, 0));
    }

    private static void average(Call call) throws NotSupportedException, ModelFormatException {
        requireChannelsFirst(call);
        call.emit(new Op.QuantizedAvgPool2d(PoolOperators.geometry(call),
                call.attributes().integer("count_include_pad", 0) != 0, out(call, 3)), levels(call, 0));
    }

    private static void requireChannelsFirst(Call call) throws NotSupportedException, ModelFormatException {
        if (call.attributes().integer("channels_last", 0) != 0 || call.shape(0).rank() != 4) {
            throw new NotSupportedException("its input is no image [N,C,H,W]");
        }
    }
}
