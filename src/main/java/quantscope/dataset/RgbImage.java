package quantscope.dataset;

import java.util.Objects;

/**
 * A decoded image, 8 bits a channel.
 *
 * <p>The array is shared, not copied: a photograph has tens of megabytes. Whoever makes an image gives the array
 * away, and nobody writes to it afterwards.
 */
public final class RgbImage {

    private final int width;
    private final int height;
    private final byte[] rgb;

    /**
     * @param rgb red, green, blue (unsigned) of each pixel, row by row from the top
     * @throws IllegalArgumentException when a side is less than 1 or the array's length is not 3 * width * height
     */
    public RgbImage(int width, int height, byte[] rgb) {
        this.width = width;
        this.height = height;
        this.rgb = Objects.requireNonNull(rgb);
        if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
            throw new IllegalArgumentException(width + " x " + height + " pixels do not fit " + rgb.length + " bytes");
        }
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** The channels, shared: to be read only. */
    public byte[] rgb() {
        return rgb;
    }

    /**
     * Luma as Pillow's convert("L") computes it, one byte a pixel:
     * {@code (19595 R + 38470 G + 7471 B + 32768) >> 16} (ITU-R 601-2, libImaging/Convert.c).
     */
    public byte[] luma() {
        byte[] luma = new byte[width * height];
        for (int i = 0, p = 0; i < luma.length; i++, p += 3) {
            luma[i] = (byte) ((19595 * (rgb[p] & 0xff) + 38470 * (rgb[p + 1] & 0xff) + 7471 * (rgb[p + 2] & 0xff)
                    + 0x8000) >> 16);
        }
        return luma;
    }

    @Override
    public String toString() {
        return "RgbImage[" + width + " x " + height + "]";
    }
}
