package quantscope.quant;

/** The observers of one layer: for its output (and for the QuantStub at its input) and for its weight. */
public record QConfig(ObserverSpec activation, ObserverSpec weight) {

    /** torch.ao.quantization.get_default_qconfig('fbgemm'), the default here. */
    public static final QConfig FBGEMM = new QConfig(ObserverSpec.HISTOGRAM_REDUCED, ObserverSpec.PER_CHANNEL_WEIGHT);

    /** torch.ao.quantization.get_default_qconfig('qnnpack'). */
    public static final QConfig QNNPACK = new QConfig(ObserverSpec.HISTOGRAM_FULL, ObserverSpec.PER_TENSOR_WEIGHT);

    /** torch.ao.quantization.get_default_qconfig('onednn'). */
    public static final QConfig ONEDNN = new QConfig(ObserverSpec.HISTOGRAM_FULL, ObserverSpec.PER_CHANNEL_WEIGHT);

    /** The same with weights of 7 bits, of which no two products with levels of 8 bits overflow 16 bits. */
    public QConfig withReducedWeight() {
        return new QConfig(activation, new ObserverSpec(weight.kind(), weight.dtype(), weight.scheme(), true));
    }

    public QConfig {
        if (activation.scheme().perChannel() || activation.dtype() != QuantDtype.QUINT8) {
            throw new IllegalArgumentException("activations are quint8 and per-tensor in PyTorch's kernels");
        }
        if (weight.dtype() != QuantDtype.QINT8) {
            throw new IllegalArgumentException("weights are qint8 in PyTorch's kernels");
        }
    }
}
