package quantscope.quant;

import java.util.List;
import quantscope.tensor.FloatTensor;

/** Quantizes weights as PyTorch's convert does: the weight observer sees the weight once, its result quantizes it. */
public final class WeightQuantization {

    private WeightQuantization() { }

    /** @param weight output channels first, [O,...] */
    public static QuantizedTensor quantize(FloatTensor weight, ObserverSpec spec) {
        Observer observer = Observers.create(spec);
        observer.observe(List.of(weight));
        return Quantizer.quantize(weight, observer.calculateQParams());
    }
}
