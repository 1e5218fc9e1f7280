package quantscope.kernel.emitted;

import quantscope.kernel.ConvShape;

/**
 * A convolution as its tiles see it.
 *
 * @param image      that the code reads
 * @param groupBytes of one of its pixels that belong to one group
 * @param maskBytes  from the image to its mask, 0 where there is none
 * @param largest    level of the image, where the way takes levels
 */
record TiledLayer(ConvShape shape, PaddedImage image, Way way, int groupBytes, int maskBytes, int largest) {

    Runs runs() {
        return Runs.of(shape, image.pixelBytes(), groupBytes);
    }

    /** Steps of the whole depth. */
    int steps() {
        return Math.multiplyExact(shape.kernelH(), runs().rowSteps());
    }

    /** From a kernel row's pixels to the next one's. */
    int kernelRowBytes() {
        return shape.dilationH() * image.rowBytes();
    }

    /** Whether there is one pixel, in and out. */
    boolean linear() {
        return shape.inPlane() == 1 && shape.outPlane() == 1 && image.plain();
    }

    /**
     * How many vectors of so many channels are computed together. Few keep loads few; where a row has few pixels, more of
     * them keep the multipliers busy.
     */
    int vectors(int channels) {
        int whole = (channels + way.lanes() - 1) / way.lanes();
        if (way.byChannel()) {
            int tiles = (shape.outWidth() + way.pixels(1) - 1) / way.pixels(1);
            int pixels = (shape.outWidth() + tiles - 1) / tiles;
            // Vectors have nothing in common here, but a call does more with several.
            return Math.max(1, Math.min(way.vectors(pixels), whole));
        }
        int few = way == Way.BITS_512 ? 4 : 2;
        int most = way.registers() < 32 ? 2 : shape.outWidth() > 4 || linear() ? few : shape.outWidth() == 1 ? 8 : 4;
        return Math.min(most, whole);
    }
}
