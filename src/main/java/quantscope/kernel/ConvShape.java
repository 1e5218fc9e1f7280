package quantscope.kernel;

/**
 * The geometry of one convolution over one image. Padding at the bottom and the right follows from the output's
 * extents. A linear layer is the 1 x 1 case on a 1 x 1 image. No side of the image with its padding is longer than an int
 * holds, so that places in it can be computed.
 */
public record ConvShape(int inChannels, int inHeight, int inWidth, int outChannels, int outHeight, int outWidth,
                        int kernelH, int kernelW, int strideH, int strideW, int padTop, int padLeft,
                        int dilationH, int dilationW, int groups) {

    public ConvShape {
        if (inChannels % groups != 0 || outChannels % groups != 0) {
            throw new IllegalArgumentException(inChannels + " -> " + outChannels + " channels in " + groups
                    + " groups");
        }
        if (padded(padTop, inHeight, outHeight, strideH, kernelH, dilationH) > Integer.MAX_VALUE
                || padded(padLeft, inWidth, outWidth, strideW, kernelW, dilationW) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("with its padding the image is larger than 2^31 pixels a side");
        }
    }

    /** Pixels of a side with the padding that is read. */
    private static long padded(int before, int in, int out, int stride, int kernel, int dilation) {
        return Math.max((long) before + in, (out - 1L) * stride + (kernel - 1L) * dilation + 1);
    }

    /** Rows of the image with the padding above and below that is read. */
    public int paddedHeight() {
        return (int) padded(padTop, inHeight, outHeight, strideH, kernelH, dilationH);
    }

    /** Columns of the image with the padding at both sides that is read. */
    public int paddedWidth() {
        return (int) padded(padLeft, inWidth, outWidth, strideW, kernelW, dilationW);
    }

    /** y = W x + b for one vector. */
    public static ConvShape linear(int in, int out) {
        return new ConvShape(in, 1, 1, out, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1);
    }

    public int inPlane() {
        return inHeight * inWidth;
    }

    /** Output pixels. */
    public int outPlane() {
        return outHeight * outWidth;
    }

    public int inPerGroup() {
        return inChannels / groups;
    }

    public int outPerGroup() {
        return outChannels / groups;
    }

    public int taps() {
        return kernelH * kernelW;
    }

    /**
     * Where a weight [O,I/groups,KH,KW] has the k-th product of an output channel, in the memory's order: tap by tap, a
     * tap's channels side by side.
     */
    public int weight(int o, int k) {
        return (o * inPerGroup() + k % inPerGroup()) * taps() + k / inPerGroup();
    }

    /** Index of the pixel that a tap of an output pixel reads; -1 in the padding. */
    public int pixel(int y, int x, int tapRow, int tapColumn) {
        int row = y * strideH + tapRow * dilationH - padTop;
        int column = x * strideW + tapColumn * dilationW - padLeft;
        return row < 0 || row >= inHeight || column < 0 || column >= inWidth ? -1 : row * inWidth + column;
    }

    /** Products summed up for one output. */
    public int depth() {
        return inPerGroup() * taps();
    }
}
