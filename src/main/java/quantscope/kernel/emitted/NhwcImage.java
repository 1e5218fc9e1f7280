package quantscope.kernel.emitted;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import quantscope.kernel.ConvShape;

/** Images with padding around them. */
final class NhwcImage {

    private NhwcImage() { }

    /** Levels as unsigned bytes; what is padding is the zero point. */
    static void bytes(ConvShape s, int zeroPoint, byte[] levels, int from, int paddedWidth, int paddedHeight,
                      MemorySegment image) {
        int channels = s.inChannels();
        image.asSlice(0, (long) paddedHeight * paddedWidth * channels).fill((byte) zeroPoint);
        int width = Math.min(s.inWidth(), paddedWidth - s.padLeft()) * channels;
        int height = Math.min(s.inHeight(), paddedHeight - s.padTop());
        for (int y = 0; y < height; y++) {
            MemorySegment.copy(levels, from + y * s.inWidth() * channels, image, JAVA_BYTE,
                    ((long) (y + s.padTop()) * paddedWidth + s.padLeft()) * channels, width);
        }
    }

    /** Levels as 16-bit words. */
    static void words(ConvShape s, int zeroPoint, byte[] levels, int from, int paddedWidth, int paddedHeight,
                      MemorySegment image) {
        int channels = s.inChannels();
        long all = (long) paddedHeight * paddedWidth * channels;
        for (long i = 0; i < all; i++) {
            image.set(JAVA_SHORT, 2 * i, (short) zeroPoint);
        }
        int width = Math.min(s.inWidth(), paddedWidth - s.padLeft()) * channels;
        int height = Math.min(s.inHeight(), paddedHeight - s.padTop());
        for (int y = 0; y < height; y++) {
            long to = ((long) (y + s.padTop()) * paddedWidth + s.padLeft()) * channels;
            int source = from + y * s.inWidth() * channels;
            for (int x = 0; x < width; x++) {
                image.set(JAVA_SHORT, 2 * (to + x), (short) (levels[source + x] & 0xff));
            }
        }
    }
}
