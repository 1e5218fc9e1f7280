package quantscope.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

class PreprocessorTest {

    private static final float[] ZERO = {0, 0, 0};
    private static final float[] ONE = {1, 1, 1};

    @Test
    void scalesAndNormalizesInFloat32() {
        Preprocessing p = new Preprocessing(OptionalInt.empty(), 1, 1, new float[] {0.485f, 0.456f, 0.406f},
                new float[] {0.229f, 0.224f, 0.225f});
        FloatTensor input = new Preprocessor(p).apply(new RgbImage(1, 1, new byte[] {0, 100, (byte) 255}));
        assertEquals(Shape.of(1, 3, 1, 1), input.shape());
        assertArrayEquals(new float[] {(0f - 0.485f) / 0.229f, (100 / 255f - 0.456f) / 0.224f, (1f - 0.406f) / 0.225f},
                input.data());
    }

    @Test
    void cropsAtOffsetsRoundedToEven() {
        // 7 - 4 = 3 leaves 1.5, rounded to 2; 9 - 4 = 5 leaves 2.5, rounded to 2.
        float[] input = new Preprocessor(new Preprocessing(OptionalInt.empty(), 4, 4, ZERO, ONE))
                .apply(positions(7, 9)).data();
        assertEquals(2 / 255f, input[0], "column of the first pixel");
        assertEquals(2 / 255f, input[16], "row of the first pixel");
    }

    @Test
    void padsASmallerImageWithZerosTheOddPixelRightAndBelow() {
        Preprocessing p = new Preprocessing(OptionalInt.empty(), 2, 4, new float[] {0.5f}, new float[] {0.5f});
        float[] input = new Preprocessor(p).apply(new RgbImage(1, 1, new byte[] {-1, -1, -1})).data();
        assertArrayEquals(new float[] {-1, 1, -1, -1, -1, -1, -1, -1}, input);
    }

    @Test
    void oneChannelIsPillowsLuma() {
        Preprocessing p = new Preprocessing(OptionalInt.empty(), 1, 1, new float[] {0}, new float[] {1});
        float[] input = new Preprocessor(p).apply(new RgbImage(1, 1, new byte[] {10, (byte) 200, 30})).data();
        assertArrayEquals(new float[] {((19595 * 10 + 38470 * 200 + 7471 * 30 + 32768) >> 16) / 255f}, input);
    }

    @Test
    void preparesExtremeShapesByTheirMiddleAndRefusesAbsurdOnes() {
        Preprocessor preprocessor = new Preprocessor(new Preprocessing(OptionalInt.of(40), 32, 32, ZERO, ONE));
        FloatTensor input = preprocessor.apply(new RgbImage(1, 20_000, new byte[60_000]));
        assertEquals(Shape.of(1, 3, 32, 32), input.shape());
        String refusal = preprocessor.refusal(1, 30_000).orElseThrow();
        assertTrue(refusal.contains("1 x 30000") && refusal.contains("40 x 1200000"), refusal);
        RgbImage absurd = new RgbImage(1, 30_000, new byte[90_000]);
        assertThrows(IllegalArgumentException.class, () -> preprocessor.apply(absurd));
    }

    /** Red tells the column, green the row. */
    private static RgbImage positions(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++) {
            rgb[3 * i] = (byte) (i % width);
            rgb[3 * i + 1] = (byte) (i / width);
        }
        return new RgbImage(width, height, rgb);
    }
}
