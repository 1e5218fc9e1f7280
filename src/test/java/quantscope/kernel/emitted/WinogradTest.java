package quantscope.kernel.emitted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import quantscope.kernel.ConvShape;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Requantize;

class WinogradTest {

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void outputsTimesTheScaleInOneDimension(int m) {
        WinogradMatrices matrices = new WinogradMatrices(m);
        Random random = new Random(m);
        for (int turn = 0; turn < 100; turn++) {
            int[] x = random.ints(m + 2, 0, 256).toArray();
            int[] w = random.ints(3, -128, 128).toArray();
            for (int k = 0; k < m; k++) {
                int y = 0;
                for (int point = 0; point < m + 2; point++) {
                    y += matrices.output()[k][point] * dot(matrices.input()[point], x)
                            * dot(WinogradMatrices.weight()[point], w);
                }
                assertEquals(matrices.scale() * (x[k] * w[0] + x[k + 1] * w[1] + x[k + 2] * w[2]), y);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void inverseDividesByTheOddPart(int m) {
        WinogradMatrices matrices = new WinogradMatrices(m);
        for (int sum : new int[] {0, 1, -1, 12345678, -12345678}) {
            assertEquals(sum << matrices.twos(), sum * matrices.scale() * matrices.inverse());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void pixelsAndWeightsStayWithin16Bits(int m) {
        for (int[] down : new WinogradMatrices(m).input()) {
            for (int[] across : new WinogradMatrices(m).input()) {
                int above = 0;
                int below = 0;
                for (int d : down) {
                    for (int a : across) {
                        above += Math.max(0, 255 * d * a);
                        below += Math.min(0, 255 * d * a);
                    }
                }
                assertTrue(above <= Short.MAX_VALUE && below >= Short.MIN_VALUE, above + " " + below);
            }
        }
        for (int[] down : WinogradMatrices.weight()) {
            for (int[] across : WinogradMatrices.weight()) {
                assertTrue(255 * IntStream.of(down).map(Math::abs).sum() * IntStream.of(across).map(Math::abs).sum()
                        <= Short.MAX_VALUE);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 4", "3, 5", "4, 6", "5, 9", "6, 10", "7, 11", "13, 21", "14, 22", "56, 84"})
    void asFewProductsAsTilesOfFourThreeAndTwoAllow(int pixels, int products) {
        WinogradAxis axis = WinogradAxis.of(pixels);
        assertEquals(products, axis.products());
        assertEquals(pixels, axis.tiles().stream().mapToInt(Integer::intValue).sum());
        assertEquals(axis.tiles().stream().sorted((a, b) -> b - a).toList(), axis.tiles());
        assertEquals(products, IntStream.range(0, WinogradMatrices.MOST_POINTS).map(axis::having).sum());
    }

    @Test
    void valuesOfAllTilesAndPointsLieApart() {
        WinogradLayout layout = new WinogradLayout(WinogradAxis.of(13), WinogradAxis.of(9), 10);
        boolean[] taken = new boolean[layout.bytes() / 10];
        for (int i = 0; i < WinogradMatrices.MOST_POINTS; i++) {
            for (int j = 0; j < WinogradMatrices.MOST_POINTS; j++) {
                for (int r = 0; r < layout.rows().having(i); r++) {
                    for (int c = 0; c < layout.columns().having(j); c++) {
                        int at = (layout.at(i, j) + layout.tile(r, c, WinogradLayout.of(j))) / 10;
                        assertTrue(!taken[at]);
                        taken[at] = true;
                    }
                }
            }
        }
        assertTrue(IntStream.range(0, taken.length).allMatch(i -> taken[i]));
    }

    @ParameterizedTest
    @CsvSource({"3, 3, 1", "5, 5, 4", "5, 3, 2", "2, 2, 1", "6, 5, 4"})
    void everyTapIsInOnePartAndPartsFillAPairOfPointsFromTheFront(int kernelH, int kernelW, int count) {
        WinogradParts parts = new WinogradParts(kernelH, kernelW);
        assertEquals(count, parts.count());
        int[] taps = IntStream.range(0, count).flatMap(p -> IntStream.range(0, 9).map(t -> parts.tap(p, t)))
                .filter(t -> t >= 0).sorted().toArray();
        assertArrayEquals(IntStream.range(0, kernelH * kernelW).toArray(), taps);
        for (int pair = 0; pair < 36; pair++) {
            int next = 0;
            for (int p = 0; p < count; p++) {
                if (parts.has(p, pair / 6, pair % 6)) {
                    assertEquals(next++, parts.before(p, pair / 6, pair % 6));
                }
            }
            assertEquals(next, parts.at(pair / 6, pair % 6));
        }
    }

    @Test
    void gainsWithManyPixelsAndWithSeveralImagesWhereWeightsAreMany() {
        assertTrue(gain(64, 56, Way.WORDS_512).worthwhile(1));
        assertFalse(gain(384, 13, Way.WORDS_512).worthwhile(1));
        assertTrue(gain(384, 13, Way.WORDS_512).worthwhile(8));
        assertTrue(gain(128, 28, Way.WORDS_256).worthwhile(1));
        assertEquals(OptionalInt.of(1), gain(64, 56, Way.WORDS_512).fewestImages());
        assertEquals(OptionalInt.of(8), gain(384, 13, Way.WORDS_512).fewestImages());
        assertEquals(OptionalInt.of(2), gain(384, 13, Way.WORDS_256).fewestImages());
        assertEquals(OptionalInt.empty(), gain(384, 2, Way.WORDS_512).fewestImages());
    }

    @Test
    void gainsLessWhereBytesAreMultipliedByVnni() {
        assertEquals(OptionalInt.of(2), gain(384, 13, Way.WORDS_256, Way.DOUBLED_256).fewestImages());
        assertTrue(gain(384, 13, Way.WORDS_256, Way.DOT_256).fewestImages().orElse(99) > 2);
    }

    private static WinogradGain gain(int channels, int size, Way way) {
        return gain(channels, size, way, way == Way.WORDS_512 ? Way.DOT_512 : Way.DOUBLED_256);
    }

    private static WinogradGain gain(int channels, int size, Way way, Way direct) {
        return WinogradGain.of(new ConvShape(channels, size, size, channels, size, size, 3, 3, 1, 1, 1, 1, 1, 1, 1), way,
                direct);
    }

    @Test
    void refusesSumsThatCouldLoseTheirUpperBits() {
        short[] weight = new short[64 * 64 * 9];
        Arrays.fill(weight, (short) 127);
        ConvShape shape = new ConvShape(64, 8, 8, 64, 8, 8, 3, 3, 1, 1, 1, 1, 1, 1, 1);
        Requantize any = new Requantize(new float[64], new float[64], 0, 0);
        assertTrue(WinogradConv.takes(new KernelSpec.Int8Conv(shape, 0, weight, any), Way.WORDS_512));
        ConvShape deep = new ConvShape(128, 8, 8, 32, 8, 8, 3, 3, 1, 1, 1, 1, 1, 1, 1);
        assertFalse(WinogradConv.takes(new KernelSpec.Int8Conv(deep, 0, weight, any), Way.WORDS_512));
        assertTrue(WinogradConv.takes(new KernelSpec.Int8Conv(deep, 0, 127, weight, any), Way.WORDS_512));
    }

    private static int dot(int[] a, int[] b) {
        return IntStream.range(0, a.length).map(i -> i < b.length ? a[i] * b[i] : 0).sum();
    }
}
