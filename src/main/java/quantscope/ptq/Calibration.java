package quantscope.ptq;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import quantscope.quant.QuantizedTensor;

/**
 * What calibration found: enough to convert.
 *
 * @param activations by node of the prepared graph, in running order: each {@link ObserverPoint}
 * @param weights     quantized weights of the int8 layers, by layer
 * @param warnings    for example an observer that saw nothing
 */
public record Calibration(Map<String, ActivationCalibration> activations, Map<String, QuantizedTensor> weights,
                          List<String> warnings) {

    public Calibration {
        activations = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(activations));
        weights = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        warnings = List.copyOf(warnings);
    }
}
