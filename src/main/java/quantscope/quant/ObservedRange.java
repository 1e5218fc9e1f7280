package quantscope.quant;

/**
 * The smallest and largest value of a tensor, or of each of its channels.
 *
 * @param min one number per tensor, or one per channel
 * @param max of the same length
 */
public record ObservedRange(float[] min, float[] max) {

    public ObservedRange {
        min = min.clone();
        max = max.clone();
        if (min.length != max.length || min.length == 0) {
            throw new IllegalArgumentException(min.length + " minima, " + max.length + " maxima");
        }
    }

    static ObservedRange of(float min, float max) {
        return new ObservedRange(new float[] {min}, new float[] {max});
    }

    @Override
    public float[] min() {
        return min.clone();
    }

    @Override
    public float[] max() {
        return max.clone();
    }

    public int channels() {
        return min.length;
    }

    float min(int channel) {
        return min[channel];
    }

    float max(int channel) {
        return max[channel];
    }
}
