package quantscope.dataset;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a JPEG file says ahead of its first scan (ITU-T T.81, annex B), and the file without its APPn and COM
 * segments: profiles, thumbnails and camera data that are broken stop some readers and concern no pixel.
 *
 * @param components in the frame's order
 * @param color      how the components are to be understood, by libjpeg's rules (jdapimin.c)
 * @param stripped   the file without application segments and comments
 */
record JpegHeader(int width, int height, List<Component> components, Color color, byte[] stripped) {

    /** @param horizontal sampling factor; {@code vertical} likewise */
    record Component(int id, int horizontal, int vertical) { }

    /** Kinds of colour that a JPEG file can hold. */
    enum Color { GREY, YCC, RGB, CMYK, YCCK }

    private static final int APP0 = 0xe0;
    private static final int APP14 = 0xee;
    private static final int COMMENT = 0xfe;
    private static final int START_OF_SCAN = 0xda;

    static JpegHeader parse(byte[] bytes) throws IOException {
        return new Walk(bytes).header();
    }

    /** Goes from segment to segment. */
    private static final class Walk {

        private final byte[] bytes;
        private final ByteArrayOutputStream kept;
        private boolean jfif;
        private int adobeTransform = -1;
        private int width;
        private int height;
        private final List<Component> components = new ArrayList<>();

        Walk(byte[] bytes) {
            this.bytes = bytes;
            this.kept = new ByteArrayOutputStream(bytes.length);
        }

        JpegHeader header() throws IOException {
            kept.write(bytes, 0, 2);
            int at = 2;
            while (true) {
                at = marker(at);
                int marker = bytes[at - 1] & 0xff;
                if (marker == 0x01 || marker >= 0xd0 && marker <= 0xd8) {
                    continue;
                }
                int length = at + 2 <= bytes.length ? word(at) : 0;
                if (length < 2 || at + length > bytes.length) {
                    throw new IOException("the file ends in its JPEG header; it is truncated or broken");
                }
                segment(marker, at + 2, at + length);
                if (marker == START_OF_SCAN) {
                    kept.write(bytes, at - 2, bytes.length - at + 2);
                    return finished();
                }
                if (marker < APP0 || marker > COMMENT || marker < COMMENT && marker > 0xef) {
                    kept.write(0xff);
                    kept.write(bytes, at - 1, length + 1);
                }
                at += length;
            }
        }

        /** The place behind the next marker's code. */
        private int marker(int from) throws IOException {
            int at = from;
            while (at < bytes.length && bytes[at] != (byte) 0xff) {
                at++;
            }
            while (at < bytes.length && bytes[at] == (byte) 0xff) {
                at++;
            }
            if (at >= bytes.length) {
                throw new IOException("the file ends before the first scan; it is truncated");
            }
            return at + 1;
        }

        private void segment(int marker, int from, int to) throws IOException {
            if (marker == APP0 && to - from >= 14 && text(from, "JFIF\0")) {
                jfif = true;
            } else if (marker == APP14 && to - from >= 12 && text(from, "Adobe")) {
                adobeTransform = bytes[from + 11] & 0xff;
            } else if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
                frame(marker, from, to);
            }
        }

        private void frame(int marker, int from, int to) throws IOException {
            if (!components.isEmpty()) {
                throw new IOException("the file has two frame headers; it is broken");
            }
            if (marker > 0xc2) {
                throw new IOException("the JPEG process SOF" + (marker - 0xc0)
                        + " is not supported (lossless, hierarchical or arithmetic); save it as baseline JPEG");
            }
            int count = to - from >= 6 ? bytes[from + 5] & 0xff : 0;
            if (count == 0 || to - from < 6 + 3 * count) {
                throw new IOException("the frame header is broken");
            }
            if (bytes[from] != 8) {
                throw new IOException("the JPEG file has " + bytes[from] + " bits a sample, expected 8");
            }
            height = word(from + 1);
            width = word(from + 3);
            for (int at = from + 6; count > 0; count--, at += 3) {
                components.add(new Component(bytes[at] & 0xff, bytes[at + 1] >> 4 & 15, bytes[at + 1] & 15));
            }
        }

        private JpegHeader finished() throws IOException {
            Color color = switch (components.size()) {
                case 1 -> Color.GREY;
                case 3 -> three();
                case 4 -> adobeTransform <= 0 ? Color.CMYK : Color.YCCK;
                default -> throw new IOException("the JPEG file has " + components.size()
                        + " components, expected 1, 3 or 4");
            };
            return new JpegHeader(width, height, List.copyOf(components), color, kept.toByteArray());
        }

        private Color three() {
            if (jfif) {
                return Color.YCC;
            }
            if (adobeTransform >= 0) {
                return adobeTransform == 0 ? Color.RGB : Color.YCC;
            }
            int[] ids = components.stream().mapToInt(Component::id).toArray();
            return Arrays.equals(ids, new int[] {'R', 'G', 'B'}) ? Color.RGB : Color.YCC;
        }

        private boolean text(int at, String expected) {
            for (int i = 0; i < expected.length(); i++) {
                if (bytes[at + i] != expected.charAt(i)) {
                    return false;
                }
            }
            return true;
        }

        private int word(int at) {
            return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
        }
    }
}
