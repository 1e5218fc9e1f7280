package quantscope.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import quantscope.quant.Histogram;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;

class PairBinsTest {

    private static Optional<QuantParams.PerTensor> scale(float scale) {
        return Optional.of(new QuantParams.PerTensor(QuantDtype.QUINT8, scale, 2));
    }

    @Test
    void everyLevelHasABinWithTheLevelInItsMiddle() {
        PairBins bins = PairBins.of(-1f, 1.6f, 6, scale(0.5f));
        assertEquals(new Bins(-1.25, 1.75, 6), bins.converted());
        float[] levels = {-1f, -0.5f, 0f, 0.5f, 1f, 1.5f};
        HistogramPair pair = bins.pair(levels, levels, 0, 6);
        assertArrayEquals(new long[] {1, 1, 1, 1, 1, 1}, pair.converted().counts());
        assertEquals("-1.0 -0.5 0.0 0.5 1.0 1.5", IntStream.range(0, 6).mapToObj(i -> Float.toString(pair.level(i)))
                .reduce((a, b) -> a + " " + b).orElseThrow());
    }

    @Test
    void manyValuesSplitALevelIntoAnOddNumberOfBinsSoThatZerosAreInTheMiddleOfOne() {
        PairBins bins = PairBins.of(-6.35f, 6.4f, 10_000_000, scale(0.05f));
        assertEquals(256, bins.converted().count());
        assertEquals(3 * 256, bins.fp32().count());
        PairBins few = PairBins.of(-2f, 2f, 10_000_000, scale(1f));
        assertEquals(5, few.converted().count());
        assertTrue(few.fp32().count() > 400 && few.fp32().count() / 5 % 2 == 1, few.toString());
        HistogramPair zeros = few.pair(new float[9], new float[9], 0, 9);
        int at = zeros.fp32().bin(0);
        assertEquals(9, zeros.fp32().count(at));
        assertEquals(0, zeros.fp32().min() + (at + 0.5) * zeros.fp32().binWidth(), 1e-12);
    }

    @Test
    void fewValuesShareBinsOverSeveralWholeLevels() {
        PairBins bins = PairBins.of(-1.27f, 1.27f, 147, scale(0.01f));
        assertEquals(0, bins.converted().count() % bins.fp32().count());
        assertTrue(bins.converted().count() >= 255 && bins.fp32().count() >= 15 && bins.fp32().count() <= 30,
                bins.toString());
    }

    @Test
    void fp32NeverHasTheBinsOfTheLevels() {
        for (int levels = 1; levels <= 512; levels++) {
            for (long values = 1; values < 1L << 30; values *= 2) {
                PairBins bins = PairBins.of(0, levels - 1, values, scale(1));
                assertTrue(bins.levels());
                assertNotEquals(bins.converted().count(), bins.fp32().count(), levels + " levels, " + values);
                assertTrue(bins.converted().count() >= levels && bins.fp32().count() <= 1024, bins.toString());
                assertEquals(bins.fp32().max(), bins.converted().max());
            }
        }
    }

    @Test
    void roundingIsSeenAndAreasAreEqual() {
        Random random = new Random(7);
        float[] x = new float[200_000];
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.clamp(random.nextGaussian(), -4, 4);
            y[i] = (float) Math.rint(x[i]);
        }
        HistogramPair pair = PairBins.of(-4, 4, x.length, scale(1)).pair(x, y, 0, x.length);
        Histogram fp32 = pair.fp32();
        int middle = fp32.bin(0);
        assertTrue(pair.fp32Density(middle) > 1.02 * pair.converted().count(4), "a Gaussian peaks above its middle level");
        double area = 0;
        for (int i = 0; i < fp32.bins(); i++) {
            area += pair.fp32Density(i) * fp32.binWidth();
        }
        assertEquals(pair.converted().total() * pair.converted().binWidth(), area, 1e-6 * area);
    }

    @Test
    void numbersWithoutACommonScaleShareBins() {
        PairBins bins = PairBins.of(-1, 1, 7056, Optional.empty());
        assertFalse(bins.levels());
        assertEquals(new Bins(-1, 1, 168), bins.fp32());
        assertEquals(bins.fp32(), bins.converted());
        assertEquals(256, PairBins.of(-1, 1, 1 << 30, Optional.empty()).fp32().count());
    }

    @Test
    void outliersFarBeyondTheLevelsDoNotMakeEndlessBins() {
        PairBins bins = PairBins.of(-1e6f, 1e6f, 1 << 20, scale(1e-3f));
        assertFalse(bins.levels());
        assertEquals(bins.fp32(), bins.converted());
        assertTrue(bins.fp32().count() <= 512 && bins.fp32().min() <= -1e6 && bins.fp32().max() >= 1e6,
                bins.toString());
    }

    @Test
    void pairsOfOtherEdgesOrBinsAreRefused() {
        Histogram two = new Histogram(0, 1, new long[2]);
        assertThrows(IllegalArgumentException.class, () -> new HistogramPair(two, new Histogram(0, 2, new long[2]), true));
        assertThrows(IllegalArgumentException.class, () -> new HistogramPair(two, new Histogram(0, 1, new long[4])));
    }
}
