package quantscope.quant;

/**
 * How to make an observer: what PyTorch writes as {@code HistogramObserver.with_args(...)}.
 *
 * @param kind        the observer's class
 * @param dtype       type of the levels
 * @param scheme      per-channel exactly where the kind is
 * @param reduceRange plan for 7 bits, which keeps fbgemm's vpmaddubsw from saturating
 */
public record ObserverSpec(ObserverKind kind, QuantDtype dtype, QScheme scheme, boolean reduceRange) {

    /** fbgemm's and x86's default for activations. */
    public static final ObserverSpec HISTOGRAM_REDUCED =
            new ObserverSpec(ObserverKind.HISTOGRAM, QuantDtype.QUINT8, QScheme.PER_TENSOR_AFFINE, true);

    /** qnnpack's and onednn's default for activations. */
    public static final ObserverSpec HISTOGRAM_FULL =
            new ObserverSpec(ObserverKind.HISTOGRAM, QuantDtype.QUINT8, QScheme.PER_TENSOR_AFFINE, false);

    /** fbgemm's, x86's and onednn's default for weights. */
    public static final ObserverSpec PER_CHANNEL_WEIGHT =
            new ObserverSpec(ObserverKind.PER_CHANNEL_MIN_MAX, QuantDtype.QINT8, QScheme.PER_CHANNEL_SYMMETRIC, false);

    /** qnnpack's default for weights. */
    public static final ObserverSpec PER_TENSOR_WEIGHT =
            new ObserverSpec(ObserverKind.MIN_MAX, QuantDtype.QINT8, QScheme.PER_TENSOR_SYMMETRIC, false);

    public ObserverSpec {
        if (kind.perChannel() != scheme.perChannel()) {
            throw new IllegalArgumentException(kind.torchName() + " does not go with " + scheme);
        }
        if (reduceRange && scheme.symmetric() && dtype == QuantDtype.QUINT8) {
            throw new IllegalArgumentException("PyTorch cannot reduce the range of symmetric quint8");
        }
    }
}
