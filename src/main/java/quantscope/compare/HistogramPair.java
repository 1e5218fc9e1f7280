package quantscope.compare;

import quantscope.quant.Histogram;

/**
 * The same values in fp32 and as they come out of quantization (dequantized), from the same lower to the same upper edge.
 *
 * @param levels whether each bin of {@code converted} counts one level, which lies in its middle; fp32 then has bins of
 *               its own, else both have the same
 */
public record HistogramPair(Histogram fp32, Histogram converted, boolean levels) {

    public HistogramPair {
        if (fp32.min() != converted.min() || fp32.max() != converted.max()) {
            throw new IllegalArgumentException("both histograms need the same edges");
        }
        if (!levels && fp32.bins() != converted.bins()) {
            throw new IllegalArgumentException("both histograms need the same bins");
        }
    }

    /** Two histograms over the same bins. */
    public HistogramPair(Histogram fp32, Histogram converted) {
        this(fp32, converted, false);
    }

    /** What can be drawn beside a count of the converted values: fp32 values per width of a converted bin. */
    public double fp32Density(int bin) {
        return fp32.count(bin) * converted.binWidth() / fp32.binWidth();
    }

    /** The real number that a bin of the converted values counts; only where there are {@link #levels}. */
    public float level(int bin) {
        double scale = converted.binWidth();
        // Levels are multiples of the scale; adding 0 makes -0 a 0.
        return (float) (Math.rint((converted.min() + (bin + 0.5) * scale) / scale) * scale + 0.0);
    }
}
