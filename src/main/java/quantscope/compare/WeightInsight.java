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
 * @param levelsUsed    how many of the 256 levels occur
 * @param bitsUsed      entropy of the levels in bits, 0 to 8; divided by 8 it is the share of weight bits used
 */
public record WeightInsight(Shape shape, QuantParams params, HistogramPair overall, List<HistogramPair> channels,
                            ErrorMetrics metrics, List<ErrorMetrics> channelErrors, int levelsUsed, double bitsUsed) {

    public WeightInsight {
        channels = List.copyOf(channels);
        channelErrors = List.copyOf(channelErrors);
    }
}
