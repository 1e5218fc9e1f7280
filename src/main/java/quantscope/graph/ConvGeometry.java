package quantscope.graph;

/**
 * How a convolution walks over its input, [N,C,H,W]. Padding is zeros (in int8: the input's zero point).
 *
 * @param groups divides both the input's and the output's channels
 */
public record ConvGeometry(int strideH, int strideW, int padTop, int padLeft, int padBottom, int padRight,
                           int dilationH, int dilationW, int groups) {

    public ConvGeometry {
        if (strideH < 1 || strideW < 1 || dilationH < 1 || dilationW < 1 || groups < 1) {
            throw new IllegalArgumentException("stride, dilation and groups must be at least 1");
        }
        if (padTop < 0 || padLeft < 0 || padBottom < 0 || padRight < 0) {
            throw new IllegalArgumentException("padding must not be negative");
        }
    }

    /** The same stride and padding on every side, no dilation, one group. */
    public static ConvGeometry of(int stride, int padding) {
        return new ConvGeometry(stride, stride, padding, padding, padding, padding, 1, 1, 1);
    }

    public boolean symmetricPadding() {
        return padTop == padBottom && padLeft == padRight;
    }

    /** Output height: floor((in + pads - dilation*(kernel-1) - 1) / stride) + 1; may be below 1 for a bad shape. */
    public long outHeight(long inHeight, int kernelH) {
        return Math.floorDiv(inHeight + padTop + padBottom - (long) dilationH * (kernelH - 1) - 1, strideH) + 1;
    }

    /** Output width, by the same formula. */
    public long outWidth(long inWidth, int kernelW) {
        return Math.floorDiv(inWidth + padLeft + padRight - (long) dilationW * (kernelW - 1) - 1, strideW) + 1;
    }
}
