package quantscope.format.onnx;

import java.util.Arrays;
import java.util.Optional;
import quantscope.format.fold.FoldException;
import quantscope.format.fold.Known;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * A quantized constant: weights and biases of quantized models.
 *
 * @param scales     one, or one for each index of the axis
 * @param zeroPoints as many
 */
record KnownLevels(Known.Longs longs, ElementType type, float[] scales, long[] zeroPoints, int axis) {

    /** The type's number in onnx.TensorProto, what QuantizeLinear makes unless it is told otherwise. */
    private static final int UINT8 = 2;

    /** What a DequantizeLinear node reads; empty where it has blocks of scales. */
    static Optional<KnownLevels> of(OnnxFile.NodePart node, KnownValues values) {
        Known.Longs longs = values.find(node.inputs().getFirst()).orElseThrow().longs();
        ElementType type = values.type(node.inputs().getFirst()).or(() -> zeroPointType(node, values))
                .orElse(ElementType.UINT8);
        return parameters(node, values, longs.shape()).map(p -> new KnownLevels(longs, type, p.scales, p.zeroPoints, p.axis));
    }

    /** What a QuantizeLinear node makes of known reals: rint(x / s) + z, clamped to the type. */
    static Optional<KnownLevels> quantized(OnnxFile.NodePart node, KnownValues values) {
        Attributes a = Attributes.of(node);
        ElementType type = zeroPointType(node, values)
                .or(() -> ElementType.of(a.has("output_dtype") ? a.integer("output_dtype", 0) : UINT8))
                .orElseThrow(() -> new FoldException("quantizes to a type that cannot be read"));
        if (type.bytes() > 2 || type.floating()) {
            return Optional.empty();
        }
        FloatTensor x = values.find(node.inputs().getFirst()).orElseThrow().floats();
        return parameters(node, values, x.shape()).map(p -> {
            long[] out = new long[x.data().length];
            for (int i = 0; i < out.length; i++) {
                int at = p.at(i, x.shape());
                out[i] = Math.clamp((long) Math.rint(x.data()[i] / p.scales[at]) + p.zeroPoints[at], type.least(), type.largest());
            }
            return new KnownLevels(new Known.Longs(x.shape(), out), type, p.scales, p.zeroPoints, p.axis);
        });
    }

    private static Optional<ElementType> zeroPointType(OnnxFile.NodePart node, KnownValues values) {
        return node.inputs().size() > 2 ? values.type(node.inputs().get(2)) : Optional.empty();
    }

    private record Parameters(float[] scales, long[] zeroPoints, int axis) {

        int at(int i, Shape shape) {
            int inner = 1;
            for (int a = axis + 1; a < shape.rank(); a++) {
                inner *= shape.dim(a);
            }
            return scales.length == 1 ? 0 : i / inner % scales.length;
        }
    }

    private static Optional<Parameters> parameters(OnnxFile.NodePart node, KnownValues values, Shape shape) {
        FloatTensor scale = values.find(node.inputs().get(1)).orElseThrow().floats();
        float[] scales = scale.data();
        long[] zeroPoints = node.inputs().size() > 2 && !node.inputs().get(2).isEmpty()
                ? values.find(node.inputs().get(2)).orElseThrow().longs().data() : new long[scales.length];
        int given = Attributes.of(node).integer("axis", 1);
        int axis = given < 0 ? given + shape.rank() : given;
        boolean single = scale.shape().elements() == 1;
        if (scale.shape().rank() > 1 && !single || Attributes.of(node).integer("block_size", 0) != 0) {
            return Optional.empty();
        }
        boolean along = axis >= 0 && axis < shape.rank() && shape.dim(axis) == scales.length;
        if (zeroPoints.length != scales.length || !single && !along) {
            throw new FoldException("scale " + scale.shape() + " and " + zeroPoints.length + " zero points do not fit " + shape
                    + " along axis " + given);
        }
        return Optional.of(new Parameters(scales, zeroPoints, single ? 0 : axis));
    }

    /** (q - z) * s in float32. */
    FloatTensor reals() {
        Parameters p = new Parameters(scales, zeroPoints, axis);
        float[] out = new float[longs.data().length];
        for (int i = 0; i < out.length; i++) {
            int at = p.at(i, longs.shape());
            out[i] = (float) (longs.data()[i] - zeroPoints[at]) * scales[at];
        }
        return new FloatTensor(longs.shape(), out);
    }

    /** As an 8-bit tensor whose scales, where there are many, are along the axis; empty for other types. */
    Optional<QuantizedTensor> tensor(int wantedAxis) {
        if (type != ElementType.INT8 && type != ElementType.UINT8 || scales.length > 1 && axis != wantedAxis
                || !usable(scales, zeroPoints, type)) {
            return Optional.empty();
        }
        byte[] levels = new byte[longs.data().length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) longs.data()[i];
        }
        QuantDtype dtype = type == ElementType.INT8 ? QuantDtype.QINT8 : QuantDtype.QUINT8;
        QuantParams params = scales.length == 1 ? new QuantParams.PerTensor(dtype, scales[0], (int) zeroPoints[0])
                : new QuantParams.PerChannel(dtype, scales, Arrays.stream(zeroPoints).mapToInt(z -> (int) z).toArray(), axis);
        return Optional.of(new QuantizedTensor(longs.shape(), levels, params));
    }

    private static boolean usable(float[] scales, long[] zeroPoints, ElementType type) {
        for (int i = 0; i < scales.length; i++) {
            if (!(scales[i] > 0) || Float.isInfinite(scales[i]) || zeroPoints[i] < type.least()
                    || zeroPoints[i] > type.largest()) {
                return false;
            }
        }
        return true;
    }
}
