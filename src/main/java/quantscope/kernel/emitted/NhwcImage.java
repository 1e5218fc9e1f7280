package quantscope.kernel.emitted;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import quantscope.kernel.ConvShape;

/** Between planes, one for each channel, and pixels with their channels side by side and padding around them. */
final class NhwcImage {

    private NhwcImage() { }

    /** Levels as unsigned bytes; what is padding is the zero point. */
    static void bytes(ConvShape s, int zeroPoint, byte[] levels, int from, int paddedWidth, int paddedHeight,
                      MemorySegment image) {
        int channels = s.inChannels();
        image.asSlice(0, (long) paddedHeight * paddedWidth * channels).fill((byte) zeroPoint);
        int width = Math.min(s.inWidth(), paddedWidth - s.padLeft());
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < s.inHeight(); y++) {
                long to = (long) ((y + s.padTop()) * paddedWidth + s.padLeft()) * channels + c;
                int source = from + c * s.inPlane() + y * s.inWidth();
                for (int x = 0; x < width; x++) {
                    image.set(JAVA_BYTE, to + (long) x * channels, levels[source + x]);
                }
            }
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
        int width = Math.min(s.inWidth(), paddedWidth - s.padLeft());
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < s.inHeight(); y++) {
                long to = (long) ((y + s.padTop()) * paddedWidth + s.padLeft()) * channels + c;
                int source = from + c * s.inPlane() + y * s.inWidth();
                for (int x = 0; x < width; x++) {
                    image.set(JAVA_SHORT, 2 * (to + (long) x * channels), (short) (levels[source + x] & 0xff));
                }
            }
        }
    }

    /** The result's pixels to planes. */
    static void toPlanes(ConvShape s, MemorySegment pixels, long from, byte[] levels, int to) {
        int channels = s.outChannels();
        int plane = s.outPlane();
        for (int o = 0; o < channels; o++) {
            for (int i = 0; i < plane; i++) {
                levels[to + o * plane + i] = pixels.get(JAVA_BYTE, from + (long) i * channels + o);
            }
        }
    }
}
