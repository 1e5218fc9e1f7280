package quantscope.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import quantscope.graph.Op;
import quantscope.graph.QuantFacts;
import quantscope.ptq.Calibration;
import quantscope.ptq.Prepared;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.quant.Quantizer;
import quantscope.tensor.FloatTensor;

/** Compares a layer's weight with what quantization or binarization made of it. */
final class InspectWeight {

    private InspectWeight() { }

    /** Empty for layers whose weight stays what it is. */
    static Optional<WeightInsight> run(Prepared prepared, Calibration calibration, String layer) {
        Optional<QuantizedTensor> given = prepared.source().find(layer).flatMap(n -> QuantFacts.weightLevels(n.op()));
        if (given.isPresent()) {
            return given.map(w -> insight(Quantizer.dequantize(w), w));
        }
        QuantizedTensor quantized = calibration.weights().get(layer);
        if (quantized != null) {
            return weight(prepared.graph().node(layer).op()).map(w -> insight(w, quantized));
        }
        return prepared.source().find(layer).flatMap(source -> weight(source.op())).flatMap(
                latent -> binary(prepared.graph().node(layer).op()).map(signs -> insight(latent, signs)));
    }

    private static Optional<FloatTensor> weight(Op op) {
        return switch (op) {
            case Op.Conv2d c -> Optional.of(c.weight());
            case Op.Linear l -> Optional.of(l.weight());
            default -> Optional.empty();
        };
    }

    /** +-alpha as levels -1 and +1 with a scale for each output channel. */
    private static Optional<QuantizedTensor> binary(Op op) {
        return switch (op) {
            case Op.BinaryConv2d b -> Optional.of(signs(b.weight(), b.alpha()));
            case Op.BinaryLinear b -> Optional.of(signs(b.weight(), b.alpha()));
            default -> Optional.empty();
        };
    }

    private static QuantizedTensor signs(FloatTensor weight, FloatTensor alpha) {
        byte[] levels = new byte[weight.data().length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) Math.signum(weight.data()[i]);
        }
        float[] scales = alpha.data().clone();
        for (int c = 0; c < scales.length; c++) {
            // A channel of zeros has alpha 0; its levels are 0, so any scale will do.
            scales[c] = scales[c] > 0 ? scales[c] : 1;
        }
        return new QuantizedTensor(weight.shape(), levels,
                new QuantParams.PerChannel(QuantDtype.QINT8, scales, new int[scales.length], 0));
    }

    static WeightInsight insight(FloatTensor weight, QuantizedTensor quantized) {
        float[] x = weight.data();
        float[] y = Quantizer.dequantize(quantized).data();
        byte[] levels = quantized.levels();
        int channels = weight.shape().dim(0);
        int each = x.length / channels;
        List<HistogramPair> pairs = new ArrayList<>(channels);
        List<ErrorMetrics> errors = new ArrayList<>(channels);
        List<LevelUse> uses = new ArrayList<>(channels);
        ErrorSum overall = new ErrorSum();
        for (int c = 0; c < channels; c++) {
            int from = c * each;
            int to = from + each;
            QuantParams.PerTensor params = new QuantParams.PerTensor(quantized.params().dtype(),
                    quantized.params().scale(c), quantized.params().zeroPoint(c));
            pairs.add(bins(x, y, from, to, Optional.of(params)).pair(x, y, from, to));
            ErrorSum sum = new ErrorSum();
            sum.add(x, y, from, to);
            errors.add(sum.metrics());
            uses.add(LevelUse.of(levels, from, to));
            overall.add(x, y, from, to);
        }
        Optional<QuantParams.PerTensor> common = quantized.params() instanceof QuantParams.PerTensor p
                ? Optional.of(p) : Optional.empty();
        HistogramPair all = bins(x, y, 0, x.length, common).pair(x, y, 0, x.length);
        return new WeightInsight(weight.shape(), quantized.params(), all, pairs, overall.metrics(), errors,
                LevelUse.of(levels, 0, x.length), uses);
    }

    private static PairBins bins(float[] x, float[] y, int from, int to, Optional<QuantParams.PerTensor> params) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            min = Math.min(min, Math.min(x[i], y[i]));
            max = Math.max(max, Math.max(x[i], y[i]));
        }
        return PairBins.of(min, max, to - from, params);
    }
}
