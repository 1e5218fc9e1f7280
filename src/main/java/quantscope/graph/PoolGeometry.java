package quantscope.graph;

/**
 * How a pooling window walks over its input, [N,C,H,W].
 *
 * @param ceilMode whether a last, partial window counts; as in PyTorch it must begin inside the input or its
 *                 leading padding
 */
public record PoolGeometry(int kernelH, int kernelW, int strideH, int strideW, int padTop, int padLeft,
                           int padBottom, int padRight, int dilationH, int dilationW, boolean ceilMode) {

    public PoolGeometry {
        if (kernelH < 1 || kernelW < 1 || strideH < 1 || strideW < 1 || dilationH < 1 || dilationW < 1) {
            throw new IllegalArgumentException("kernel, stride and dilation must be at least 1");
        }
        if (padTop < 0 || padLeft < 0 || padBottom < 0 || padRight < 0) {
            throw new IllegalArgumentException("padding must not be negative");
        }
    }

    public static PoolGeometry of(int kernel, int stride, int padding) {
        return new PoolGeometry(kernel, kernel, stride, stride, padding, padding, padding, padding, 1, 1, false);
    }

    /** Whether opposite sides are padded differently. */
    public boolean uneven() {
        return padTop != padBottom || padLeft != padRight;
    }

    public long outHeight(long inHeight) {
        return out(inHeight, padTop, padBottom, kernelH, strideH, dilationH);
    }

    public long outWidth(long inWidth) {
        return out(inWidth, padLeft, padRight, kernelW, strideW, dilationW);
    }

    private long out(long in, int padBefore, int padAfter, int kernel, int stride, int dilation) {
        long span = in + padBefore + padAfter - (long) dilation * (kernel - 1) - 1;
        long out = Math.floorDiv(span + (ceilMode ? stride - 1 : 0), stride) + 1;
        return ceilMode && (out - 1) * stride >= in + padBefore ? out - 1 : out;
    }
}
