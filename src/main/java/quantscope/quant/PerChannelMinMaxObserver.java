package quantscope.quant;

import java.util.Arrays;
import java.util.List;
import quantscope.tensor.FloatTensor;

/** PerChannelMinMaxObserver and MovingAveragePerChannelMinMaxObserver over axis 0, a weight's output channels. */
final class PerChannelMinMaxObserver implements Observer {

    private final ObserverSpec spec;
    private final boolean moving;
    private float[] min = {};
    private float[] max = {};

    PerChannelMinMaxObserver(ObserverSpec spec, boolean moving) {
        this.spec = spec;
        this.moving = moving;
    }

    @Override
    public void observe(List<FloatTensor> batch) {
        int channels = batch.stream().mapToInt(t -> t.shape().dim(0)).sum();
        float[] low = new float[channels];
        float[] high = new float[channels];
        Arrays.fill(low, Float.POSITIVE_INFINITY);
        Arrays.fill(high, Float.NEGATIVE_INFINITY);
        int channel = 0;
        for (FloatTensor tensor : batch) {
            int each = tensor.data().length / Math.max(1, tensor.shape().dim(0));
            for (int i = 0; i < tensor.data().length; i++) {
                int c = channel + i / each;
                low[c] = Math.min(low[c], tensor.data()[i]);
                high[c] = Math.max(high[c], tensor.data()[i]);
            }
            channel += tensor.shape().dim(0);
        }
        if (!observed()) {
            min = low;
            max = high;
            return;
        }
        if (min.length != channels) {
            throw new IllegalArgumentException("observed " + min.length + " channels before, now " + channels);
        }
        for (int c = 0; c < channels; c++) {
            min[c] = moving ? min[c] + MinMaxObserver.AVERAGING * (low[c] - min[c]) : Math.min(min[c], low[c]);
            max[c] = moving ? max[c] + MinMaxObserver.AVERAGING * (high[c] - max[c]) : Math.max(max[c], high[c]);
        }
    }

    @Override
    public boolean observed() {
        return min.length > 0;
    }

    @Override
    public ObservedRange range() {
        return observed() ? new ObservedRange(min, max) : ObservedRange.of(0, 0);
    }

    @Override
    public QuantParams calculateQParams() {
        return observed() ? QParams.of(spec, range()) : QParams.unobserved(spec);
    }
}
