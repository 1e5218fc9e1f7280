package quantscope.compare;

/**
 * What a CPU without VNNI would do to one int8 layer whose input is exact.
 *
 * @param layer       of the converted graph
 * @param dotProducts outputs over all images
 * @param saturating  outputs in which a sum of two products does not fit 16 bits
 * @param moved       outputs whose level differs for it
 * @param largestMove the largest difference, in levels
 * @param safe        whether the weights are so small that no image can saturate
 */
public record LayerSaturation(String layer, long dotProducts, long saturating, long moved, int largestMove,
                              boolean safe) {

    /** Share of the outputs, 0..1. */
    public double saturatingShare() {
        return dotProducts == 0 ? 0 : (double) saturating / dotProducts;
    }

    /** Share of the outputs, 0..1. */
    public double movedShare() {
        return dotProducts == 0 ? 0 : (double) moved / dotProducts;
    }
}
