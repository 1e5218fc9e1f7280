package quantscope.compare;

import java.util.List;
import quantscope.quant.QuantParams;
import quantscope.tensor.Shape;

/**
 * A layer's weight in fp32 (after fusing) against its quantized form.
 *
 * @param shape         [O,I/groups,KH,KW] or [O,I]
 * @param params        scale and zero point, per channel or per tensor; of a layer made binary alpha and 0,
 *                      with the levels -1 and +1
 * @param overall       histograms over the whole weight
 * @param channels      one pair per output channel
 * @param metrics       over the whole weight
 * @param channelErrors metrics per output channel
 * @param levels        how the levels are used over the whole weight
 * @param channelLevels the same per output channel
 */
public record WeightInsight(Shape shape, QuantParams params, HistogramPair overall, List<HistogramPair> channels,
                            ErrorMetrics metrics, List<ErrorMetrics> channelErrors, LevelUse levels,
                            List<LevelUse> channelLevels) {

    public WeightInsight {
        channels = List.copyOf(channels);
        channelErrors = List.copyOf(channelErrors);
        channelLevels = List.copyOf(channelLevels);
    }
}
