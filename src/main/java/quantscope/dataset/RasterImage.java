package quantscope.dataset;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;

/**
 * PNG and BMP through ImageIO. Samples are taken from the raster: BufferedImage.getRGB would convert them between
 * colour spaces, which changes greys.
 */
record RasterImage(int width, int height, String format, byte[] bytes) implements EncodedImage {

    private static final int BMP_COMPRESSION = 30;
    private static final int BMP_JPEG = 4;
    private static final int BMP_PNG = 5;

    static RasterImage open(String format, byte[] bytes) throws IOException {
        if (format.equals("bmp") && bytes.length > BMP_COMPRESSION
                && (bytes[BMP_COMPRESSION] == BMP_JPEG || bytes[BMP_COMPRESSION] == BMP_PNG)) {
            // The reader would decode it, with a size that nobody has looked at.
            throw new IOException("a BMP file that holds a JPEG or PNG is not supported; save it as one of them");
        }
        return ImageReaders.read(format, bytes,
                reader -> new RasterImage(reader.getWidth(0), reader.getHeight(0), format, bytes));
    }

    /**
     * Deflate makes up to 1032 bytes of one. A BMP's run of 255 pixels has two bytes, and so has the empty rest of a row,
     * which few images have: they may have 64 times as many pixels as runs can fill.
     */
    @Override
    public long leastBytes() {
        if (format.equals("png")) {
            int channels = switch (bytes[25]) {
                case 2 -> 3;
                case 4 -> 2;
                case 6 -> 4;
                default -> 1;
            };
            return (long) width * height * channels * Math.max(1, bytes[24]) / 8 / 1032;
        }
        boolean runs = bytes.length > BMP_COMPRESSION && (bytes[BMP_COMPRESSION] == 1 || bytes[BMP_COMPRESSION] == 2);
        return runs ? (long) width * height / (64 * 128) : (long) width * height * Math.max(1, bytes[28]) / 8;
    }

    @Override
    public RgbImage decode() throws IOException {
        BufferedImage image = ImageReaders.read(format, bytes, reader -> reader.read(0));
        Raster raster = image.getRaster();
        ColorModel colors = image.getColorModel();
        int[] sampleSize = raster.getSampleModel().getSampleSize();
        int bands = raster.getNumBands();
        boolean clipped = isSixteenBitGreyPng();
        byte[] rgb = new byte[3 * width * height];
        int[] row = new int[width * bands];
        for (int y = 0, to = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int x = 0, from = 0; x < width; x++, from += bands, to += 3) {
                if (colors instanceof IndexColorModel palette) {
                    // Pillow's palettes are black beyond the entries that the file gives.
                    int color = row[from] < palette.getMapSize() ? palette.getRGB(row[from]) : 0;
                    rgb[to] = (byte) (color >> 16);
                    rgb[to + 1] = (byte) (color >> 8);
                    rgb[to + 2] = (byte) color;
                } else if (bands < 3) {
                    int grey = clipped ? Math.min(row[from], 255) : eightBit(row[from], sampleSize[0]);
                    rgb[to] = rgb[to + 1] = rgb[to + 2] = (byte) grey;
                } else {
                    for (int c = 0; c < 3; c++) {
                        rgb[to + c] = (byte) eightBit(row[from + c], sampleSize[c]);
                    }
                }
            }
        }
        return new RgbImage(width, height, rgb);
    }

    /**
     * Pillow clips 16-bit greyscale at 255, but takes the high bytes of 16-bit greyscale with alpha. The header's bit
     * depth and colour type tell: the reader gives an alpha band for a transparent colour, too.
     */
    private boolean isSixteenBitGreyPng() {
        return format.equals("png") && bytes[24] == 16 && bytes[25] == 0;
    }

    private static int eightBit(int sample, int bits) {
        if (bits == 8) {
            return sample;
        }
        return bits > 8 ? sample >> bits - 8 : sample * 255 / ((1 << bits) - 1);
    }
}
