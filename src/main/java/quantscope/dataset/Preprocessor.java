package quantscope.dataset;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/**
 * Applies a {@link Preprocessing}, with the results of torchvision's transforms bit for bit:
 * <ol>
 * <li>one channel: Grayscale, which is Pillow's convert("L");
 * <li>Resize(n): shorter side n, longer side {@code int(n * longer / shorter)}, antialiased bilinear;
 * <li>CenterCrop: offset {@code round((side - crop) / 2)} to the even number, zeros around a smaller image with the
 * odd pixel right and below;
 * <li>ToTensor {@code x / 255} and Normalize {@code (x - mean) / std}, each step in float32.
 * </ol>
 * Only the part of the resized image that the crop keeps is computed. Immutable, safe for many threads.
 */
public final class Preprocessor {

    /** Longest side of a resized image, in pixels. */
    public static final int LONGEST_RESIZED = 1_000_000;

    private final Preprocessing preprocessing;
    /** [C][256]: what a pixel value becomes. */
    private final float[][] normalized;

    public Preprocessor(Preprocessing preprocessing) {
        this.preprocessing = Objects.requireNonNull(preprocessing);
        this.normalized = tables(preprocessing.mean(), preprocessing.std());
    }

    /** Why images of this size cannot be prepared, in the words of a user; empty for those that can. */
    public Optional<String> refusal(int width, int height) {
        long longest = Math.max(resizedWidth(width, height), resizedHeight(width, height));
        return longest <= LONGEST_RESIZED ? Optional.empty() : Optional.of(width + " x " + height
                + " pixels would be resized to " + resizedWidth(width, height) + " x " + resizedHeight(width, height)
                + ", expected at most " + LONGEST_RESIZED + " on a side; cut the image to a less extreme shape");
    }

    /**
     * @return [1,C,H,W], the crop's size
     * @throws IllegalArgumentException for a size with a {@link #refusal}
     */
    public FloatTensor apply(RgbImage image) {
        refusal(image.width(), image.height()).ifPresent(reason -> {
            throw new IllegalArgumentException(reason);
        });
        int channels = preprocessing.channels();
        int cropWidth = preprocessing.cropWidth();
        int cropHeight = preprocessing.cropHeight();
        int width = (int) resizedWidth(image.width(), image.height());
        int height = (int) resizedHeight(image.width(), image.height());
        int left = offset(width, cropWidth);
        int top = offset(height, cropHeight);
        PillowResize.Window window = new PillowResize.Window(width, height, Math.max(left, 0), Math.max(top, 0),
                Math.min(left + cropWidth, width), Math.min(top + cropHeight, height));
        byte[] pixels = PillowResize.resize(channels == 1 ? image.luma() : image.rgb(), image.width(),
                image.height(), channels, window);
        return new FloatTensor(Shape.of(1, channels, cropHeight, cropWidth),
                planes(pixels, window, Math.max(-left, 0), Math.max(-top, 0)));
    }

    private float[] planes(byte[] pixels, PillowResize.Window window, int padLeft, int padTop) {
        int channels = preprocessing.channels();
        int cropWidth = preprocessing.cropWidth();
        int plane = preprocessing.cropHeight() * cropWidth;
        int columns = window.right() - window.left();
        int rows = window.bottom() - window.top();
        float[] result = new float[channels * plane];
        for (int c = 0; c < channels; c++) {
            float[] table = normalized[c];
            if (columns * rows < plane) {
                Arrays.fill(result, c * plane, (c + 1) * plane, table[0]);
            }
            for (int y = 0; y < rows; y++) {
                int to = c * plane + (y + padTop) * cropWidth + padLeft;
                int from = y * columns * channels + c;
                for (int x = 0; x < columns; x++) {
                    result[to + x] = table[pixels[from + x * channels] & 0xff];
                }
            }
        }
        return result;
    }

    private long resizedWidth(int width, int height) {
        return preprocessing.resize().isEmpty() ? width
                : resized(width, height, preprocessing.resize().getAsInt());
    }

    private long resizedHeight(int width, int height) {
        return preprocessing.resize().isEmpty() ? height
                : resized(height, width, preprocessing.resize().getAsInt());
    }

    /** A side's new length, when the shorter side gets {@code size}. */
    private static long resized(int side, int other, int size) {
        return side <= other ? size : (long) ((double) ((long) size * side) / other);
    }

    /** Where the crop begins; negative where zeros come first. Worked values: 7 to 4 begins at 2, 9 to 4 at 2. */
    private static int offset(int side, int crop) {
        return crop > side ? -((crop - side) / 2) : (int) Math.rint((side - crop) / 2.0);
    }

    private static float[][] tables(float[] mean, float[] std) {
        float[][] tables = new float[mean.length][256];
        for (int c = 0; c < mean.length; c++) {
            for (int v = 0; v < 256; v++) {
                tables[c][v] = (v / 255f - mean[c]) / std[c];
            }
        }
        return tables;
    }
}
