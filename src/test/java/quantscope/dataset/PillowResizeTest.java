package quantscope.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import quantscope.dataset.PillowResize.Window;

class PillowResizeTest {

    @Test
    void equalsThePlainDefinitionForRandomSizes() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int channels = random.nextBoolean() ? 3 : 1;
            int width = 1 + random.nextInt(60);
            int height = 1 + random.nextInt(60);
            int newWidth = random.nextInt(5) == 0 ? width : 1 + random.nextInt(90);
            int newHeight = random.nextInt(5) == 0 ? height : 1 + random.nextInt(90);
            byte[] pixels = noise(random, width * height * channels);
            byte[] expected = plain(pixels, width, height, channels, newWidth, newHeight);
            byte[] actual = PillowResize.resize(pixels, width, height, channels, Window.whole(newWidth, newHeight));
            assertArrayEquals(expected, actual, "seed " + seed);
        }
    }

    @Test
    void aWindowIsThatPartOfTheWholeImage() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int width = 1 + random.nextInt(50);
            int height = 1 + random.nextInt(50);
            int newWidth = random.nextInt(4) == 0 ? width : 1 + random.nextInt(70);
            int newHeight = random.nextInt(4) == 0 ? height : 1 + random.nextInt(70);
            int left = random.nextInt(newWidth);
            int top = random.nextInt(newHeight);
            Window window = new Window(newWidth, newHeight, left, top, left + 1 + random.nextInt(newWidth - left),
                    top + 1 + random.nextInt(newHeight - top));
            byte[] pixels = noise(random, width * height * 3);
            byte[] whole = PillowResize.resize(pixels, width, height, 3, Window.whole(newWidth, newHeight));
            byte[] part = PillowResize.resize(pixels, width, height, 3, window);
            int row = 3 * (window.right() - left);
            for (int y = top; y < window.bottom(); y++) {
                int from = 3 * (y * newWidth + left);
                assertArrayEquals(Arrays.copyOfRange(whole, from, from + row),
                        Arrays.copyOfRange(part, (y - top) * row, (y - top + 1) * row), "seed " + seed + ", row " + y);
            }
        }
    }

    @Test
    void keepsExtremesAndConstants() {
        byte[] white = new byte[31 * 17];
        Arrays.fill(white, (byte) 255);
        for (byte value : PillowResize.resize(white, 31, 17, 1, Window.whole(7, 40))) {
            assertEquals((byte) 255, value);
        }
    }

    @Test
    void halvesFourPixelsWithWeightsOfThreeThreeOne() {
        // 3/7, 3/7, 1/7 of 0, 70, 140 and the mirror image.
        assertArrayEquals(new byte[] {50, (byte) 160},
                PillowResize.resize(new byte[] {0, 70, (byte) 140, (byte) 210}, 4, 1, 1, Window.whole(2, 1)));
    }

    @Test
    void refusesWindowsOutsideTheImageAndWrongArrays() {
        assertThrows(IllegalArgumentException.class, () -> new Window(4, 4, 0, 0, 5, 4));
        assertThrows(IllegalArgumentException.class, () -> new Window(4, 4, 2, 0, 2, 4));
        assertThrows(IllegalArgumentException.class,
                () -> PillowResize.resize(new byte[5], 2, 1, 3, Window.whole(1, 1)));
    }

    private static byte[] noise(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Both passes written down naively, one output value at a time, over the filter's definition. */
    private static byte[] plain(byte[] pixels, int width, int height, int channels, int newWidth, int newHeight) {
        byte[] wide = new byte[newWidth * height * channels];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < newWidth; x++) {
                for (int c = 0; c < channels; c++) {
                    int row = y * width;
                    int channel = c;
                    wide[(y * newWidth + x) * channels + c] = value(width, newWidth, x,
                            k -> pixels[(row + k) * channels + channel]);
                }
            }
        }
        byte[] result = new byte[newWidth * newHeight * channels];
        for (int y = 0; y < newHeight; y++) {
            for (int i = 0; i < newWidth * channels; i++) {
                int at = i;
                result[y * newWidth * channels + i] = value(height, newHeight, y,
                        k -> wide[k * newWidth * channels + at]);
            }
        }
        return result;
    }

    private interface Line {
        byte at(int k);
    }

    private static byte value(int in, int out, int o, Line line) {
        if (in == out) {
            return line.at(o);
        }
        double scale = (double) in / out;
        double widening = scale < 1 ? 1 : scale;
        double center = (o + 0.5) * scale;
        double total = 0;
        int start = (int) Math.max(0, center - widening + 0.5);
        int end = (int) Math.min(in, center + widening + 0.5);
        for (int k = start; k < end; k++) {
            total += triangle((k - center + 0.5) * (1 / widening));
        }
        long sum = 1 << 21;
        for (int k = start; k < end; k++) {
            long weight = (long) Math.floor(0.5 + triangle((k - center + 0.5) * (1 / widening)) / total * (1 << 22));
            sum += weight * (line.at(k) & 0xff);
        }
        return (byte) Math.min(255, Math.max(0, sum >> 22));
    }

    private static double triangle(double t) {
        return t <= -1 || t >= 1 ? 0 : t < 0 ? 1 + t : 1 - t;
    }
}
