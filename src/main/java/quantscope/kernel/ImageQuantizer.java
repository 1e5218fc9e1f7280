package quantscope.kernel;

/** Quantizes an image that comes plane by plane, and leaves its pixels with their channels side by side. */
@FunctionalInterface
public interface ImageQuantizer {

    /**
     * @param planes the whole image
     * @param levels where unsigned levels go
     * @param at     the first one's place
     * @throws IndexOutOfBoundsException when one of them has no room for the image
     */
    void run(float[] planes, byte[] levels, int at);
}
