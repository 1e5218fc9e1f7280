package quantscope.dataset;

/**
 * From a JPEG file's components to RGB: libjpeg's fixed-point YCbCr (jdcolor.c, 16 fraction bits), then for four
 * components Pillow's reading as inverted CMYK ("CMYK;I", what Adobe writes) and its CMYK to RGB without a profile:
 * {@code (1 - C)(1 - K)} in 8 bits (libImaging/Convert.c).
 */
final class JpegColor {

    private static final int HALF = 1 << 15;
    private static final int CR_TO_R = fixed(1.40200);
    private static final int CB_TO_B = fixed(1.77200);
    private static final int CR_TO_G = fixed(0.71414);
    private static final int CB_TO_G = fixed(0.34414);

    private JpegColor() { }

    /** @param samples interleaved components; those of a three-component file are changed in place */
    static byte[] toRgb(byte[] samples, JpegHeader.Color color) {
        return switch (color) {
            case RGB -> samples;
            case GREY -> grey(samples);
            case YCC -> {
                luminanceToRgb(samples, 3, false);
                yield samples;
            }
            case CMYK -> cmyk(samples);
            case YCCK -> {
                luminanceToRgb(samples, 4, true);
                yield cmyk(samples);
            }
        };
    }

    private static byte[] grey(byte[] samples) {
        byte[] rgb = new byte[3 * samples.length];
        for (int i = 0, to = 0; i < samples.length; i++, to += 3) {
            rgb[to] = rgb[to + 1] = rgb[to + 2] = samples[i];
        }
        return rgb;
    }

    /** @param inverted gives 255 - R, 255 - G, 255 - B, which is C, M, Y */
    private static void luminanceToRgb(byte[] samples, int components, boolean inverted) {
        int flip = inverted ? 0xff : 0;
        for (int i = 0; i < samples.length; i += components) {
            int y = samples[i] & 0xff;
            int cb = (samples[i + 1] & 0xff) - 128;
            int cr = (samples[i + 2] & 0xff) - 128;
            samples[i] = (byte) (clip(y + (CR_TO_R * cr + HALF >> 16)) ^ flip);
            samples[i + 1] = (byte) (clip(y + (HALF - CB_TO_G * cb - CR_TO_G * cr >> 16)) ^ flip);
            samples[i + 2] = (byte) (clip(y + (CB_TO_B * cb + HALF >> 16)) ^ flip);
        }
    }

    private static byte[] cmyk(byte[] samples) {
        byte[] rgb = new byte[samples.length / 4 * 3];
        for (int i = 0, to = 0; i < samples.length; i += 4, to += 3) {
            int notBlack = samples[i + 3] & 0xff;
            for (int c = 0; c < 3; c++) {
                int product = (255 - (samples[i + c] & 0xff)) * notBlack + 128;
                rgb[to + c] = (byte) clip(notBlack - ((product >> 8) + product >> 8));
            }
        }
        return rgb;
    }

    private static int clip(int value) {
        return Math.clamp(value, 0, 255);
    }

    private static int fixed(double value) {
        return (int) (value * 65536 + 0.5);
    }
}
