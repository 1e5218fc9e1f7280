package quantscope.dataset;

import java.awt.image.Raster;
import java.io.IOException;
import java.util.Arrays;

/**
 * A GIF's first frame on the file's whole screen, as Pillow shows it: where the frame does not reach, the screen has
 * the frame's transparent colour, or colour 0 where none is transparent.
 *
 * @param palette red, green, blue; empty where the file has no palette, which Pillow shows as greys
 */
record GifImage(int width, int height, int left, int top, byte[] palette, int background, byte[] bytes)
        implements EncodedImage {

    private static final int HEADER = 13;
    private static final int EXTENSION = 0x21;
    private static final int GRAPHIC_CONTROL = 0xf9;
    private static final int IMAGE = 0x2c;

    /** Reads blocks up to the first frame (GIF89a specification, sections 18 to 23). */
    static GifImage open(byte[] bytes) throws IOException {
        if (bytes.length < HEADER) {
            throw new IOException("the file ends in its GIF header; it is truncated");
        }
        int at = HEADER;
        byte[] palette = palette(bytes, at, bytes[10]);
        at += palette.length;
        int transparent = 0;
        while (at < bytes.length && bytes[at] != IMAGE) {
            if (bytes[at] == EXTENSION) {
                if (at + 6 < bytes.length && (bytes[at + 1] & 0xff) == GRAPHIC_CONTROL && (bytes[at + 3] & 1) != 0) {
                    transparent = bytes[at + 6] & 0xff;
                }
                at = afterBlocks(bytes, at + 2);
            } else {
                at++;
            }
        }
        if (at + 10 > bytes.length) {
            throw new IOException("the GIF file ends before its first frame; it is truncated");
        }
        byte[] local = palette(bytes, at + 10, bytes[at + 9]);
        int left = word(bytes, at + 1);
        int top = word(bytes, at + 3);
        // Pillow enlarges a screen that is too small for the frame.
        int width = Math.max(word(bytes, 6), left + word(bytes, at + 5));
        int height = Math.max(word(bytes, 8), top + word(bytes, at + 7));
        return new GifImage(width, height, left, top, local.length > 0 ? local : palette, transparent, bytes);
    }

    /** A code of 12 bits stands for 4096 pixels at most. */
    @Override
    public long leastBytes() {
        return (long) width * height * 3 / (2 * 4096);
    }

    @Override
    public RgbImage decode() throws IOException {
        Raster frame = ImageReaders.read("gif", bytes, reader -> reader.read(0)).getRaster();
        int[] screen = new int[width];
        byte[] rgb = new byte[3 * width * height];
        int[] row = new int[frame.getWidth()];
        for (int y = 0, to = 0; y < height; y++) {
            Arrays.fill(screen, background);
            if (y >= top && y - top < frame.getHeight()) {
                frame.getSamples(0, y - top, frame.getWidth(), 1, 0, row);
                System.arraycopy(row, 0, screen, left, Math.min(row.length, width - left));
            }
            for (int x = 0; x < width; x++, to += 3) {
                for (int c = 0; c < 3; c++) {
                    rgb[to + c] = color(screen[x], c);
                }
            }
        }
        return new RgbImage(width, height, rgb);
    }

    private byte color(int index, int channel) {
        if (palette.length == 0) {
            return (byte) index;
        }
        int at = 3 * index + channel;
        return at < palette.length ? palette[at] : 0;
    }

    private static byte[] palette(byte[] bytes, int at, int flags) throws IOException {
        if ((flags & 0x80) == 0) {
            return new byte[0];
        }
        int length = 3 << (flags & 7) + 1;
        if (at + length > bytes.length) {
            throw new IOException("the file ends in its palette; it is truncated");
        }
        return Arrays.copyOfRange(bytes, at, at + length);
    }

    private static int afterBlocks(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != 0) {
            at += 1 + (bytes[at] & 0xff);
        }
        return at + 1;
    }

    private static int word(byte[] bytes, int at) {
        return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
    }
}
