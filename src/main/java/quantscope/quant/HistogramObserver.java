package quantscope.quant;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import quantscope.tensor.FloatTensor;

/**
 * HistogramObserver: 2048 bins between the smallest and the largest value so far. When the range grows, each old bin is
 * cut in 16, and the parts' midpoints are put into the new bins. The clip range is found by {@link HistogramSearch}.
 * Infinite values are passed over as in PyTorch, NaN too (there it is an error). Counts are float32 as in PyTorch,
 * but those of one batch are exact, where PyTorch stops counting a bin at 2^24.
 */
final class HistogramObserver implements Observer {

    static final int BINS = 2048;
    private static final int UPSAMPLING = 16;

    private final ObserverSpec spec;
    private float min = Float.POSITIVE_INFINITY;
    private float max = Float.NEGATIVE_INFINITY;
    private float[] histogram = new float[BINS];

    HistogramObserver(ObserverSpec spec) {
        this.spec = spec;
    }

    @Override
    public void observe(List<FloatTensor> batch) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (FloatTensor tensor : batch) {
            for (float x : tensor.data()) {
                if (Math.abs(x) != Float.POSITIVE_INFINITY) {
                    low = x < low ? x : low;
                    high = x > high ? x : high;
                }
            }
        }
        if (low > high) {
            return;
        }
        float newMin = Math.min(min, low);
        float newMax = Math.max(max, high);
        float[] update = count(batch, newMin, newMax);
        if (observed() && (newMin != min || newMax != max)) {
            histogram = min == max ? movedSingleValue(newMin, newMax) : upscaled(newMin, newMax);
        }
        for (int i = 0; i < BINS; i++) {
            histogram[i] += update[i];
        }
        min = newMin;
        max = newMax;
    }

    /** torch.histc in float32: bin = (x - min) * bins / (max - min), the last bin holds its upper edge. */
    private static float[] count(List<FloatTensor> batch, float min, float max) {
        float left = min == max ? min - 1 : min;
        float right = min == max ? max + 1 : max;
        float width = right - left;
        int[] counts = new int[BINS + 1];
        for (FloatTensor tensor : batch) {
            for (float x : tensor.data()) {
                if (x >= left && x <= right) {
                    counts[(int) ((x - left) * BINS / width)]++;
                }
            }
        }
        counts[BINS - 1] += counts[BINS];
        float[] result = new float[BINS];
        for (int i = 0; i < BINS; i++) {
            result[i] = counts[i];
        }
        return result;
    }

    /** So far one value only: all of it goes into that value's bin of the new range. */
    private float[] movedSingleValue(float newMin, float newMax) {
        float total = 0;
        for (float n : histogram) {
            total += n;
        }
        float[] moved = count(List.of(FloatTensor.vector(min)), newMin, newMax);
        for (int i = 0; i < BINS; i++) {
            moved[i] *= total;
        }
        return moved;
    }

    private float[] upscaled(float newMin, float newMax) {
        float partWidth = (max - min) / (BINS * UPSAMPLING);
        float[] boundaries = Linspace.of(newMin, newMax, BINS + 1);
        float[] starts = Linspace.of(min, max, BINS * UPSAMPLING + 1);
        float[] result = new float[BINS];
        int bin = 0;
        for (int i = 0; i < BINS * UPSAMPLING; i++) {
            float middle = starts[i] + 0.5f * partWidth;
            while (bin < BINS && boundaries[bin] <= middle) {
                bin++;
            }
            result[Math.clamp(bin - 1, 0, BINS - 1)] += histogram[i / UPSAMPLING] / UPSAMPLING;
        }
        return result;
    }

    @Override
    public boolean observed() {
        return min <= max;
    }

    @Override
    public ObservedRange range() {
        return observed() ? ObservedRange.of(min, max) : ObservedRange.of(0, 0);
    }

    @Override
    public Optional<Histogram> histogram() {
        if (!observed()) {
            return Optional.empty();
        }
        long[] counts = new long[BINS];
        Arrays.setAll(counts, i -> Math.round((double) histogram[i]));
        boolean single = min == max;
        return Optional.of(new Histogram(single ? min - 1.0 : min, single ? max + 1.0 : max, counts));
    }

    @Override
    public QuantParams calculateQParams() {
        if (!observed()) {
            return QParams.unobserved(spec);
        }
        return QParams.of(spec, new HistogramSearch(histogram, min, max).clipRange());
    }
}
