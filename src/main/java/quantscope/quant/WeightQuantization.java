package quantscope.quant;

import java.util.List;
import quantscope.tensor.FloatTensor;

/**
 * Quantizes weights as PyTorch's convert does: the weight observer sees the weight once, its result quantizes it, and
 * levels outside of a reduced range are clamped to it.
 */
public final class WeightQuantization {

    private WeightQuantization() { }

    /** @param weight output channels first, [O,...] */
    public static QuantizedTensor quantize(FloatTensor weight, ObserverSpec spec) {
        Observer observer = Observers.create(spec);
        observer.observe(List.of(weight));
        return quantize(weight, observer.calculateQParams(), spec);
    }

    /** The same with parameters that are known already. */
    public static QuantizedTensor quantize(FloatTensor weight, QuantParams params, ObserverSpec spec) {
        QuantizedTensor quantized = Quantizer.quantize(weight, params);
        if (!spec.reduceRange()) {
            return quantized;
        }
        byte[] levels = quantized.levels().clone();
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) Math.clamp(levels[i], spec.dtype().quantMin(true), spec.dtype().quantMax(true));
        }
        return new QuantizedTensor(quantized.shape(), levels, params);
    }
}
