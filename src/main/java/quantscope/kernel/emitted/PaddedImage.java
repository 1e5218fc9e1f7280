package quantscope.kernel.emitted;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import quantscope.kernel.ConvShape;

/**
 * An image with a convolution's padding around it, a pixel's channels side by side.
 *
 * @param pixelBytes from a pixel to the next
 */
record PaddedImage(ConvShape shape, int pixelBytes) {

    int width() {
        return shape.paddedWidth();
    }

    int height() {
        return shape.paddedHeight();
    }

    /** Whether it is no larger than the image without padding. */
    boolean plain() {
        return width() == shape.inWidth() && height() == shape.inHeight();
    }

    int rowBytes() {
        return Math.multiplyExact(width(), pixelBytes);
    }

    int bytes() {
        return Math.multiplyExact(height(), rowBytes());
    }

    /** Where a row of the image begins, behind its padding. */
    long row(int y) {
        return (long) (y + shape.padTop()) * rowBytes() + (long) shape.padLeft() * pixelBytes;
    }

    /** Copies an image's rows; what is around them is filled before. */
    void copy(MemorySegment image, long from, MemorySegment to) {
        long row = (long) shape.inWidth() * pixelBytes;
        for (int y = 0; y < shape.inHeight(); y++) {
            MemorySegment.copy(image, from + y * row, to, row(y), row);
        }
    }

    /** Copies an image of unsigned bytes as 16-bit words, which are the pixel's bytes here. */
    void copyAsWords(MemorySegment image, long from, int padding, MemorySegment to) {
        for (long i = 0; i < bytes() / 2; i++) {
            to.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i, (short) padding);
        }
        int row = shape.inWidth() * pixelBytes / 2;
        for (int y = 0; y < shape.inHeight(); y++) {
            long at = row(y);
            for (int i = 0; i < row; i++) {
                byte level = image.get(ValueLayout.JAVA_BYTE, from + (long) y * row + i);
                to.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2L * i, (short) (level & 0xff));
            }
        }
    }
}
