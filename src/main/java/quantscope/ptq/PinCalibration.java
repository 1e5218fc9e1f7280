package quantscope.ptq;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import quantscope.quant.ObserverSpec;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.quant.WeightQuantization;
import quantscope.tensor.FloatTensor;

/** Makes a calibration of scales and zero points that are known already, from a configuration file. */
public final class PinCalibration {

    private PinCalibration() { }

    /**
     * Quantizes the weights with the given parameters; nothing is observed.
     *
     * @param activations by node, as {@link Calibration#activations}
     * @param weights     scale and zero point of each int8 layer's weight
     * @throws InvalidSpecificationException when parameters of a node are missing or do not fit its weight
     */
    public static Calibration run(Prepared prepared, Map<String, ActivationCalibration> activations,
                                  Map<String, QuantParams> weights) {
        Map<String, ActivationCalibration> kept = new LinkedHashMap<>();
        Map<String, QuantizedTensor> quantized = new LinkedHashMap<>();
        for (ObserverPoint point : prepared.observers()) {
            String node = point.node();
            kept.put(node, required(node, activations, "scale and zero point of its output"));
            Calibrate.weight(prepared, node).ifPresent(weight -> quantized.put(node,
                    quantize(node, weight, required(node, weights, "scale and zero point of its weight"),
                            point.qconfig().weight())));
        }
        List<String> warnings = activations.keySet().stream().filter(node -> !kept.containsKey(node))
                .map(node -> node + ": its scale and zero point are not used, as these choices quantize no such tensor")
                .toList();
        return new Calibration(kept, quantized, warnings);
    }

    private static <T> T required(String node, Map<String, T> map, String what) {
        if (!map.containsKey(node)) {
            throw new InvalidSpecificationException(node, what + " are missing; calibrate again");
        }
        return map.get(node);
    }

    private static QuantizedTensor quantize(String node, FloatTensor weight, QuantParams params,
                                            ObserverSpec spec) {
        if (params.dtype() != QuantDtype.QINT8) {
            throw new InvalidSpecificationException(node, "its weight is " + params.dtype() + ", expected QINT8");
        }
        if (params instanceof QuantParams.PerChannel p
                && (p.axis() != 0 || p.channels() != weight.shape().dim(0))) {
            throw new InvalidSpecificationException(node, p.channels() + " weight scales on axis " + p.axis()
                    + " do not fit weight " + weight.shape() + "; was the configuration made for another model?");
        }
        return WeightQuantization.quantize(weight, params, spec);
    }
}
