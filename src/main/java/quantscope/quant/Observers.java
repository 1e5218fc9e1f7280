package quantscope.quant;

/** Makes observers. */
public final class Observers {

    private Observers() { }

    public static Observer create(ObserverSpec spec) {
        return switch (spec.kind()) {
            case MIN_MAX -> new MinMaxObserver(spec, false);
            case MOVING_AVERAGE_MIN_MAX -> new MinMaxObserver(spec, true);
            case PER_CHANNEL_MIN_MAX -> new PerChannelMinMaxObserver(spec, false);
            case MOVING_AVERAGE_PER_CHANNEL_MIN_MAX -> new PerChannelMinMaxObserver(spec, true);
            case HISTOGRAM -> new HistogramObserver(spec);
        };
    }
}
