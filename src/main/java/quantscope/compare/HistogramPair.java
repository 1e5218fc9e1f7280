package quantscope.compare;

import quantscope.quant.Histogram;

/** The same values in fp32 and as they come out of quantization (dequantized), over the same bins. */
public record HistogramPair(Histogram fp32, Histogram converted) {

    public HistogramPair {
        if (fp32.bins() != converted.bins() || fp32.min() != converted.min() || fp32.max() != converted.max()) {
            throw new IllegalArgumentException("both histograms need the same bins");
        }
    }
}
