package quantscope.compare;

import java.util.Optional;
import quantscope.quant.QuantParams;

/** Gathers one value of both networks over two passes: ranges, then histograms, errors and clipped share. */
final class ValueProbe {

    private final String fp32;
    private final String converted;
    private final Optional<ClipRange> clip;
    private final ErrorSum errors = new ErrorSum();
    private float min = Float.POSITIVE_INFINITY;
    private float max = Float.NEGATIVE_INFINITY;
    private Optional<PairBins> bins = Optional.empty();
    private long[] fp32Counts = new long[0];
    private long[] convertedCounts = new long[0];
    private long seen;
    private long elements;
    private long clipped;
    private long signFlips;

    /** @param fp32 node of the fp32 network, {@code converted} that of the converted one */
    ValueProbe(String fp32, String converted, Optional<ClipRange> clip) {
        this.fp32 = fp32;
        this.converted = converted;
        this.clip = clip;
    }

    String fp32() {
        return fp32;
    }

    String converted() {
        return converted;
    }

    /** The first pass over an image. */
    void range(float[] x, float[] y) {
        widen(x);
        widen(y);
        seen += x.length;
    }

    private void widen(float[] values) {
        for (float v : values) {
            if (Float.isFinite(v)) {
                min = Math.min(min, v);
                max = Math.max(max, v);
            }
        }
    }

    /** The second pass over an image. */
    void count(float[] x, float[] y) {
        PairBins into = bins.orElseGet(this::decideBins);
        into.fp32().count(x, 0, x.length, fp32Counts);
        into.converted().count(y, 0, y.length, convertedCounts);
        errors.add(x, y);
        elements += x.length;
        signFlips += Numbers.signFlips(x, y);
        if (clip.isPresent()) {
            for (float v : x) {
                clipped += clip.get().clips(v) ? 1 : 0;
            }
        }
    }

    private PairBins decideBins() {
        // Where nothing was finite any bins will do, they stay empty.
        PairBins decided = min <= max ? PairBins.of(min, max, seen, params())
                : PairBins.of(0, 1, seen, Optional.empty());
        fp32Counts = new long[decided.fp32().count()];
        convertedCounts = new long[decided.converted().count()];
        bins = Optional.of(decided);
        return decided;
    }

    private Optional<QuantParams.PerTensor> params() {
        return clip.map(ClipRange::params);
    }

    /** Share of elements whose sign (-1, 0, +1) differs. */
    double signFlipRate() {
        return (double) signFlips / elements;
    }

    ActivationInsight insight() {
        PairBins counted = bins.orElseThrow(() -> new IllegalStateException(converted + ": no image was counted"));
        return new ActivationInsight(converted, counted.pair(fp32Counts, convertedCounts), params(),
                clip.map(ClipRange::range), clip.map(ClipRange::planned), (double) clipped / elements, errors.metrics());
    }
}
