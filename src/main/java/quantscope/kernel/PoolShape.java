package quantscope.kernel;

/** The geometry of a pooling window that walks over one image's channels; the padding on all four sides counts. */
public record PoolShape(int channels, int inHeight, int inWidth, int outHeight, int outWidth, int kernelH, int kernelW,
                        int strideH, int strideW, int padTop, int padLeft, int padBottom, int padRight,
                        int dilationH, int dilationW) { }
