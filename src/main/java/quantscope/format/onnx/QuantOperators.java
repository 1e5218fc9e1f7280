package quantscope.format.onnx;

import java.util.Map;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Known;
import quantscope.graph.Op;
import quantscope.graph.PairFunction;
import quantscope.graph.PointwiseFunction;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** QuantizeLinear and DequantizeLinear of values that the network computes. */
final class QuantOperators {

    private QuantOperators() { }

    static void register(Map<String, Operator> operators) {
        operators.put("QuantizeLinear", QuantOperators::quantize);
        operators.put("DequantizeLinear", QuantOperators::dequantize);
    }

    private static void quantize(Call call) throws NotSupportedException, ModelFormatException {
        ElementType type = quantizedType(call);
        if (isPerTensor(call, 1)) {
            call.emit(new Op.QuantStub(Optional.of(params(call, 1, 2, dtype(type)))), call.source(0));
            return;
        }
        FloatTensor scale = perChannel(call, 1);
        // rint(x / s) + z, in fp32, and then levels of scale 1.
        String scaled = call.emitMore("by_scale", new Op.Pairwise(PairFunction.DIV), call.source(0), call.constant("scale", scale));
        String whole = call.emitMore("rounded", new Op.Pointwise(PointwiseFunction.ROUND), scaled);
        if (call.has(2)) {
            whole = call.emitMore("moved", new Op.Add(), whole, call.constant("zero_point", perChannel(call, 2)));
        }
        call.emit(new Op.QuantStub(Optional.of(new QuantParams.PerTensor(dtype(type), 1, 0))), whole);
    }

    /** Held back: where an int8 kernel reads the levels, no layer is needed. */
    private static void dequantize(Call call) throws NotSupportedException, ModelFormatException {
        String source = call.source(0);
        Optional<QuantParams.PerTensor> has = call.int8Type(source);
        if (has.isEmpty()) {
            throw new NotSupportedException("its input is not int8");
        }
        if (isPerTensor(call, 1)) {
            QuantParams.PerTensor params = params(call, 1, 2, has.get().dtype());
            call.holdReal(call.asQuantized(source, params));
            return;
        }
        FloatTensor scale = perChannel(call, 1);
        String whole = call.emitMore("levels", new Op.DeQuantStub(),
                call.asQuantized(source, new QuantParams.PerTensor(has.get().dtype(), 1, 0)));
        if (call.has(2)) {
            whole = call.emitMore("centred", new Op.Pairwise(PairFunction.SUB), whole,
                    call.constant("zero_point", perChannel(call, 2)));
        }
        call.emit(new Op.Mul(), whole, call.constant("scale", scale));
    }

    /** Whether scale and zero point are one for the whole tensor. */
    static boolean isPerTensor(Call call, int scale) throws NotSupportedException, ModelFormatException {
        return call.known(scale, "scale").shape().elements() == 1;
    }

    /** One number for each index of an axis, shaped to meet the input. */
    private static FloatTensor perChannel(Call call, int i) throws NotSupportedException, ModelFormatException {
        Shape x = call.shape(0);
        Known value = call.known(i, "scale or zero point");
        if (value.shape().rank() != 1 || call.attributes().integer("block_size", 0) != 0) {
            throw new NotSupportedException("it has a scale for each block, " + value.shape()
                    + "; one for the tensor or one for each index of an axis are supported");
        }
        int axis = call.axis("axis", 1, x.rank());
        Batch.requireInside(call, axis, "has a scale for each image of");
        if (value.shape().dim(0) != x.dim(axis)) {
            throw call.error("scale " + value.shape() + " does not fit axis " + axis + " of " + x);
        }
        int[] dims = Window.filled(x.rank() - axis, 1);
        dims[0] = x.dim(axis);
        return value.floats().reshaped(Shape.of(dims));
    }

    /** @throws NotSupportedException for other than 8-bit levels */
    private static ElementType quantizedType(Call call) throws NotSupportedException, ModelFormatException {
        int declared = call.attributes().integer("output_dtype", 0);
        ElementType type = call.has(2) ? call.knownType(2).orElse(ElementType.UINT8)
                : declared == 0 ? ElementType.UINT8 : ElementType.of(declared).orElseThrow(() -> new NotSupportedException(
                        "it makes elements of type " + declared + " of onnx.TensorProto"));
        dtype(type);
        return type;
    }

    static QuantDtype dtype(ElementType type) throws NotSupportedException {
        return switch (type) {
            case UINT8 -> QuantDtype.QUINT8;
            case INT8 -> QuantDtype.QINT8;
            case FLOAT, UINT16, INT16, INT32, INT64, BOOL, FLOAT16, DOUBLE, UINT32, UINT64, BFLOAT16 ->
                    throw new NotSupportedException("its levels are " + type + ", only 8-bit ones are supported");
        };
    }

    /**
     * A scale and zero point for a whole tensor.
     *
     * @param zeroPoint its input, which may be left out
     */
    static QuantParams.PerTensor params(Call call, int scale, int zeroPoint, QuantDtype dtype)
            throws NotSupportedException, ModelFormatException {
        float s = call.scalar(scale, "scale");
        int z = call.has(zeroPoint) ? (int) call.scalar(zeroPoint, "zero point") : 0;
        if (!(s > 0) || Float.isInfinite(s) || z < dtype.min() || z > dtype.max()) {
            throw call.error("scale " + s + " and zero point " + z + ", expected a positive scale and a zero point of "
                    + dtype.min() + " to " + dtype.max());
        }
        return new QuantParams.PerTensor(dtype, s, z);
    }
}
