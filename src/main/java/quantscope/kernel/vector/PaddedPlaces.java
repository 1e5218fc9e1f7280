package quantscope.kernel.vector;

import quantscope.kernel.ConvShape;

/**
 * Where things are in an image with a convolution's padding around it.
 *
 * @param perPixel elements of a pixel
 */
record PaddedPlaces(ConvShape shape, int perPixel) {

    /** @throws ArithmeticException where the image with its padding fits no array: no place in it overflows then */
    PaddedPlaces {
        size(shape, perPixel);
    }

    private static int size(ConvShape shape, int perPixel) {
        return Math.multiplyExact(Math.multiplyExact(shape.paddedWidth(), shape.paddedHeight()), perPixel);
    }

    /** Elements. */
    int size() {
        return size(shape, perPixel);
    }

    /** Whether it is the image without padding. */
    boolean plain() {
        return shape.paddedWidth() == shape.inWidth() && shape.paddedHeight() == shape.inHeight();
    }

    int at(int y, int x) {
        return (y * shape.paddedWidth() + x) * perPixel;
    }

    /** Where a row of the image begins, behind its padding. */
    int row(int y) {
        return at(y + shape.padTop(), shape.padLeft());
    }

    /** Where each output pixel's taps begin; the last one is repeated {@code more} times, to fill a tile. */
    int[] pixels(int more) {
        int[] pixels = new int[shape.outPlane() + more];
        for (int i = 0; i < pixels.length; i++) {
            int pixel = Math.min(i, shape.outPlane() - 1);
            pixels[i] = at(pixel / shape.outWidth() * shape.strideH(), pixel % shape.outWidth() * shape.strideW());
        }
        return pixels;
    }
}
