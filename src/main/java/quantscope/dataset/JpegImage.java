package quantscope.dataset;

import java.awt.image.Raster;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * A JPEG file. The JDK's libjpeg decodes it to its own components (the accurate integer transform, triangle
 * upsampling); colours are computed here, because ImageIO reads no CMYK and guesses otherwise than Pillow.
 */
record JpegImage(JpegHeader header) implements EncodedImage {

    static JpegImage parse(byte[] bytes) throws IOException {
        return new JpegImage(JpegHeader.parse(bytes));
    }

    @Override
    public int width() {
        return header.width();
    }

    @Override
    public int height() {
        return header.height();
    }

    /** Every block of 8 x 8 samples has the code of its mean, of one bit or more. */
    @Override
    public long leastBytes() {
        long widest = components().mapToLong(JpegHeader.Component::horizontal).max().orElse(1);
        long most = components().mapToLong(JpegHeader.Component::vertical).max().orElse(1);
        long blocks = components().mapToLong(c -> (long) width() * c.horizontal() / (8 * Math.max(1, widest))
                * ((long) height() * c.vertical() / (8 * Math.max(1, most)))).sum();
        return blocks / 8;
    }

    private Stream<JpegHeader.Component> components() {
        return header.components().stream();
    }

    @Override
    public RgbImage decode() throws IOException {
        byte[] samples = samples();
        List<JpegHeader.Component> components = header.components();
        int most = components.stream().mapToInt(JpegHeader.Component::vertical).max().orElseThrow();
        int widest = components.stream().mapToInt(JpegHeader.Component::horizontal).max().orElseThrow();
        for (int c = 0; c < components.size(); c++) {
            if (components.get(c).horizontal() == widest && components.get(c).vertical() * 2 == most) {
                VerticalUpsampling.smooth(samples, width(), height(), components.size(), c);
            }
        }
        return new RgbImage(width(), height(), JpegColor.toRgb(samples, header.color()));
    }

    /** The components, interleaved. */
    private byte[] samples() throws IOException {
        int count = header.components().size();
        Raster raster = ImageReaders.read("jpeg", header.stripped(), reader -> reader.readRaster(0, null));
        if (raster.getWidth() != width() || raster.getHeight() != height() || raster.getNumBands() != count) {
            throw new IOException("the frame header does not fit the image data");
        }
        byte[] samples = new byte[count * width() * height()];
        byte[] row = new byte[count * width()];
        for (int y = 0; y < height(); y++) {
            raster.getDataElements(0, y, width(), 1, row);
            System.arraycopy(row, 0, samples, y * row.length, row.length);
        }
        return samples;
    }
}
