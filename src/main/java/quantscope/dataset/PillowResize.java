package quantscope.dataset;

import java.util.Arrays;

/**
 * Pillow's antialiased bilinear resize, {@code Image.resize(size, BILINEAR)} on 8-bit channels, bit for bit: first
 * the rows, then the columns, each rounded to 8 bits; a direction whose extent stays is left out
 * (ImagingResample in libImaging/Resample.c).
 */
public final class PillowResize {

    private static final int ROUND = 1 << ResizeAxis.PRECISION_BITS - 1;

    private PillowResize() { }

    /** The part of a resized image that is wanted: pixels [left, right) x [top, bottom) of width x height. */
    public record Window(int width, int height, int left, int top, int right, int bottom) {

        public Window {
            if (left < 0 || top < 0 || left >= right || top >= bottom || right > width || bottom > height) {
                throw new IllegalArgumentException("columns " + left + " to " + right + " and rows " + top + " to "
                        + bottom + " are not a part of " + width + " x " + height + " pixels");
            }
        }

        /** The whole of a resized image. */
        public static Window whole(int width, int height) {
            return new Window(width, height, 0, 0, width, height);
        }
    }

    /**
     * @param pixels   row by row, channels interleaved, unsigned
     * @param channels 1 or more
     * @param window   what is wanted of the resized image; the rest is not computed
     * @return the window's pixels, in the same layout
     */
    public static byte[] resize(byte[] pixels, int width, int height, int channels, Window window) {
        if (width < 1 || height < 1 || channels < 1 || pixels.length != (long) width * height * channels) {
            throw new IllegalArgumentException(width + " x " + height + " pixels of " + channels
                    + " channels do not fit " + pixels.length + " bytes");
        }
        int columns = window.right() - window.left();
        if (window.height() == height) {
            return rows(pixels, width, channels, window, window.top(), window.bottom());
        }
        ResizeAxis vertical = new ResizeAxis(height, window.height(), window.top(), window.bottom());
        byte[] narrow = rows(pixels, width, channels, window, vertical.inputStart(), vertical.inputEnd());
        return columns(narrow, columns * channels, vertical);
    }

    /** Rows from to to (exclusive), resized to the window's columns. */
    private static byte[] rows(byte[] pixels, int width, int channels, Window window, int from, int to) {
        int columns = window.right() - window.left();
        byte[] result = new byte[(to - from) * columns * channels];
        if (window.width() == width) {
            for (int y = from; y < to; y++) {
                System.arraycopy(pixels, (y * width + window.left()) * channels, result,
                        (y - from) * columns * channels, columns * channels);
            }
            return result;
        }
        ResizeAxis axis = new ResizeAxis(width, window.width(), window.left(), window.right());
        for (int y = from, at = 0; y < to; y++) {
            int row = y * width * channels;
            if (channels == 3) {
                at = threeChannels(pixels, row, axis, result, at);
            } else {
                at = anyChannels(pixels, row, channels, axis, result, at);
            }
        }
        return result;
    }

    private static int threeChannels(byte[] pixels, int row, ResizeAxis axis, byte[] result, int start) {
        int at = start;
        for (int x = 0; x < axis.length(); x++) {
            int[] weights = axis.weights(x);
            int p = row + 3 * axis.first(x);
            int red = ROUND;
            int green = ROUND;
            int blue = ROUND;
            for (int weight : weights) {
                red += (pixels[p] & 0xff) * weight;
                green += (pixels[p + 1] & 0xff) * weight;
                blue += (pixels[p + 2] & 0xff) * weight;
                p += 3;
            }
            result[at++] = clip(red);
            result[at++] = clip(green);
            result[at++] = clip(blue);
        }
        return at;
    }

    private static int anyChannels(byte[] pixels, int row, int channels, ResizeAxis axis, byte[] result, int start) {
        int at = start;
        for (int x = 0; x < axis.length(); x++) {
            int[] weights = axis.weights(x);
            for (int c = 0; c < channels; c++) {
                int p = row + channels * axis.first(x) + c;
                int sum = ROUND;
                for (int weight : weights) {
                    sum += (pixels[p] & 0xff) * weight;
                    p += channels;
                }
                result[at++] = clip(sum);
            }
        }
        return at;
    }

    /** @param pixels rows of {@code stride} bytes, beginning with the first that the axis depends on */
    private static byte[] columns(byte[] pixels, int stride, ResizeAxis axis) {
        byte[] result = new byte[axis.length() * stride];
        int[] sums = new int[stride];
        for (int y = 0; y < axis.length(); y++) {
            Arrays.fill(sums, ROUND);
            int[] weights = axis.weights(y);
            for (int k = 0; k < weights.length; k++) {
                int weight = weights[k];
                int from = (axis.first(y) - axis.inputStart() + k) * stride;
                for (int i = 0; i < stride; i++) {
                    sums[i] += (pixels[from + i] & 0xff) * weight;
                }
            }
            for (int i = 0; i < stride; i++) {
                result[y * stride + i] = clip(sums[i]);
            }
        }
        return result;
    }

    private static byte clip(int sum) {
        return (byte) Math.clamp(sum >> ResizeAxis.PRECISION_BITS, 0, 255);
    }
}
