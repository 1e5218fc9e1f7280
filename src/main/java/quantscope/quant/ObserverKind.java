package quantscope.quant;

/** PyTorch's observers, by the class that each stands for in torch.ao.quantization.observer. */
public enum ObserverKind {
    MIN_MAX("MinMaxObserver", false),
    MOVING_AVERAGE_MIN_MAX("MovingAverageMinMaxObserver", false),
    HISTOGRAM("HistogramObserver", false),
    PER_CHANNEL_MIN_MAX("PerChannelMinMaxObserver", true),
    MOVING_AVERAGE_PER_CHANNEL_MIN_MAX("MovingAveragePerChannelMinMaxObserver", true);

    private final String torchName;
    private final boolean perChannel;

    ObserverKind(String torchName, boolean perChannel) {
        this.torchName = torchName;
        this.perChannel = perChannel;
    }

    /** The class name in PyTorch, which is also the name on the screen and in the configuration file. */
    public String torchName() {
        return torchName;
    }

    public boolean perChannel() {
        return perChannel;
    }
}
