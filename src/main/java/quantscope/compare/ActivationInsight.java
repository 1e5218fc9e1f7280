package quantscope.compare;

import java.util.Optional;
import quantscope.quant.QuantParams;

/**
 * An activation in the fp32 network against the converted network, over the calibration images.
 *
 * @param node       the node of the converted graph whose value this is
 * @param histograms of the value in both networks
 * @param params     where the value is int8
 * @param clip       the real numbers between the lowest and the highest level of the type, where the value is int8
 * @param planned    those that the observer planned for: less than {@code clip} where its range is reduced
 * @param clipped    share of fp32 values outside of {@code clip} by more than half a step, which is more than
 *                   rounding, 0 to 1; 0 where the value is not int8
 * @param metrics    error of the converted value
 */
public record ActivationInsight(String node, HistogramPair histograms, Optional<QuantParams.PerTensor> params,
                                Optional<Range> clip, Optional<Range> planned,
                                double clipped, ErrorMetrics metrics) {

    /** Real numbers from min to max. */
    public record Range(float min, float max) { }
}
