package quantscope.ptq;

import java.util.Optional;
import quantscope.quant.Histogram;
import quantscope.quant.QuantParams;

/**
 * What calibration found for one activation.
 *
 * @param params      scale and zero point
 * @param observedMin smallest value seen; 0 where nothing was
 * @param observedMax largest value seen; 0 where nothing was
 * @param histogram   where the observer keeps one
 */
public record ActivationCalibration(QuantParams.PerTensor params, float observedMin, float observedMax,
                                    Optional<Histogram> histogram) {

    /** The smallest real number that a level stands for, within the levels that the observer planned for. */
    public float clipMin(int quantMin) {
        return (quantMin - params.zeroPoint()) * params.scale();
    }

    /** The largest such number. */
    public float clipMax(int quantMax) {
        return (quantMax - params.zeroPoint()) * params.scale();
    }
}
