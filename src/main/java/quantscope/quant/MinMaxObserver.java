package quantscope.quant;

import java.util.List;
import quantscope.tensor.FloatTensor;

/**
 * MinMaxObserver: the smallest and the largest value of all batches; or MovingAverageMinMaxObserver: the first batch
 * sets both, every later one moves them by 0.01 of the way to its own. NaN is passed over, which PyTorch does not do:
 * there one NaN spoils the range.
 */
final class MinMaxObserver implements Observer {

    /** PyTorch's averaging_constant. */
    static final float AVERAGING = 0.01f;

    private final ObserverSpec spec;
    private final boolean moving;
    private float min = Float.POSITIVE_INFINITY;
    private float max = Float.NEGATIVE_INFINITY;

    MinMaxObserver(ObserverSpec spec, boolean moving) {
        this.spec = spec;
        this.moving = moving;
    }

    @Override
    public void observe(List<FloatTensor> batch) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (FloatTensor tensor : batch) {
            for (float x : tensor.data()) {
                low = x < low ? x : low;
                high = x > high ? x : high;
            }
        }
        if (low > high) {
            return;
        }
        if (moving && observed()) {
            min = min + AVERAGING * (low - min);
            max = max + AVERAGING * (high - max);
        } else {
            min = Math.min(min, low);
            max = Math.max(max, high);
        }
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
    public QuantParams calculateQParams() {
        return observed() ? QParams.of(spec, range()) : QParams.unobserved(spec);
    }
}
