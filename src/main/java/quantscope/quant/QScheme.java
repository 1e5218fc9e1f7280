package quantscope.quant;

/** How real numbers map to levels: one scale for a tensor or one a channel, with or without a zero point. */
public enum QScheme {
    PER_TENSOR_AFFINE(false, false),
    PER_TENSOR_SYMMETRIC(false, true),
    PER_CHANNEL_AFFINE(true, false),
    PER_CHANNEL_SYMMETRIC(true, true);

    private final boolean perChannel;
    private final boolean symmetric;

    QScheme(boolean perChannel, boolean symmetric) {
        this.perChannel = perChannel;
        this.symmetric = symmetric;
    }

    public boolean perChannel() {
        return perChannel;
    }

    public boolean symmetric() {
        return symmetric;
    }

    public static QScheme of(boolean perChannel, boolean symmetric) {
        if (perChannel) {
            return symmetric ? PER_CHANNEL_SYMMETRIC : PER_CHANNEL_AFFINE;
        }
        return symmetric ? PER_TENSOR_SYMMETRIC : PER_TENSOR_AFFINE;
    }
}
