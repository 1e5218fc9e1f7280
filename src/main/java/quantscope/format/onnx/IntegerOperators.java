package quantscope.format.onnx;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Known;
import quantscope.format.fold.Moving;
import quantscope.graph.Op;
import quantscope.graph.PairFunction;
import quantscope.graph.PointwiseFunction;
import quantscope.graph.Reduction;
import quantscope.quant.QuantParams;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * Dynamic quantization: DynamicQuantizeLinear, ConvInteger and MatMulInteger. Integers are computed as fp32 numbers, which is exact
 * as long as sums stay below 2^24; ONNX Runtime turns them into fp32 right behind.
 */
final class IntegerOperators {

    private static final int LEVELS = 255;

    private IntegerOperators() { }

    static void register(Map<String, Operator> operators) {
        operators.put("DynamicQuantizeLinear", IntegerOperators::dynamicQuantize);
        operators.put("ConvInteger", IntegerOperators::conv);
        operators.put("MatMulInteger", IntegerOperators::matMul);
    }

    /**
     * scale = (max(x, 0) - min(x, 0)) / 255, zero point = clamp(rint(0 - min / scale)), levels = clamp(rint(x / scale) + zero
     * point), each image by itself.
     */
    private static void dynamicQuantize(Call call) throws NotSupportedException, ModelFormatException {
        if (call.batch() > 1) {
            throw NotSupportedException.mixing("it finds one scale for all images of the batch");
        }
        String x = call.source(0);
        List<Integer> all = IntStream.range(0, call.shape(0).rank()).boxed().toList();
        String min = call.emitMore("min", new Op.Clip(Float.NEGATIVE_INFINITY, 0),
                call.emitMore("least", new Op.Reduce(Reduction.MIN, all, false), x));
        String max = call.emitMore("max", new Op.Clip(0, Float.POSITIVE_INFINITY),
                call.emitMore("largest", new Op.Reduce(Reduction.MAX, all, false), x));
        String range = call.emitMore("range", new Op.Pairwise(PairFunction.SUB), max, min);
        String scale = call.emitMore("scale", new Op.Pairwise(PairFunction.DIV), range,
                call.constant("levels", FloatTensor.of(Shape.of(), LEVELS)));
        // An image of zeros has the scale 1, as ONNX Runtime has it.
        String one = call.constant("one", FloatTensor.of(Shape.of(), 1));
        scale = call.emitMore("used_scale", new Op.Where(), scale, scale, one);
        String start = call.emitMore("start", new Op.Pointwise(PointwiseFunction.NEG),
                call.emitMore("start_level", new Op.Pairwise(PairFunction.DIV), min, scale));
        String zeroPoint = call.emitMore("zero_point", new Op.Clip(0, LEVELS),
                call.emitMore("rounded_start", new Op.Pointwise(PointwiseFunction.ROUND), start));
        String whole = call.emitMore("rounded", new Op.Pointwise(PointwiseFunction.ROUND),
                call.emitMore("by_scale", new Op.Pairwise(PairFunction.DIV), x, scale));
        String levels = call.emit(new Op.Clip(0, LEVELS), call.emitMore("moved", new Op.Add(), whole, zeroPoint));
        call.resultOf(0, levels);
        call.resultOf(1, scale);
        call.resultOf(2, zeroPoint);
    }

    /** The input's levels less their zero point, in fp32. */
    private static String centred(Call call, int zeroPoint) throws NotSupportedException, ModelFormatException {
        String x = call.source(0);
        Optional<QuantParams.PerTensor> type = call.int8Type(x);
        if (type.isPresent()) {
            x = call.emitMore("levels", new Op.DeQuantStub(),
                    call.asQuantized(x, new QuantParams.PerTensor(type.get().dtype(), 1, 0)));
        }
        if (!call.has(zeroPoint)) {
            return x;
        }
        if (call.shape(zeroPoint).elements() != 1) {
            throw new NotSupportedException("its input has a zero point for each row");
        }
        return call.emitMore("centred", new Op.Pairwise(PairFunction.SUB), x, call.source(zeroPoint));
    }

    /** The weight's levels less their zero point, one for all or one for each output along the axis. */
    private static FloatTensor weight(Call call, int zeroPoint, int axis) throws NotSupportedException, ModelFormatException {
        Known.Longs levels = call.known(1, "weight").longs();
        long[] zeroPoints = call.has(zeroPoint) ? call.known(zeroPoint, "weight's zero point").longs().data() : new long[1];
        int inner = 1;
        for (int a = axis + 1; a < levels.shape().rank(); a++) {
            inner *= levels.shape().dim(a);
        }
        if (zeroPoints.length == 0 || zeroPoints.length > 1 && (levels.shape().rank() <= axis
                || zeroPoints.length != levels.shape().dim(axis))) {
            throw call.error(zeroPoints.length + " zero points do not fit weight " + levels.shape());
        }
        float[] out = new float[levels.data().length];
        for (int i = 0; i < out.length; i++) {
            out[i] = levels.data()[i] - zeroPoints[zeroPoints.length == 1 ? 0 : i / inner % zeroPoints.length];
        }
        return new FloatTensor(levels.shape(), out);
    }

    private static void conv(Call call) throws NotSupportedException, ModelFormatException {
        FloatTensor weight = weight(call, 3, 0);
        if (weight.shape().rank() != 4 || weight.shape().elements() == 0) {
            throw new NotSupportedException("its weight is " + weight.shape()
                    + ", only two-dimensional convolutions are supported");
        }
        call.emit(new Op.Conv2d(weight, Optional.empty(), Window.of(call, ConvOperators.kernel(weight.shape()))
                .convolution(ConvOperators.groups(call))), centred(call, 2));
    }

    private static void matMul(Call call) throws NotSupportedException, ModelFormatException {
        if (!call.isKnown(1) || call.known(1, "weight").shape().rank() != 2 || call.isKnown(0)) {
            throw new NotSupportedException("only an input times a constant matrix is supported");
        }
        FloatTensor weight = Moving.transpose(Known.of(weight(call, 3, 1)), 1, 0).floats();
        call.emit(new Op.Linear(weight, Optional.empty()), centred(call, 2));
    }
}
