package quantscope.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PreprocessingTest {

    @Test
    void imageNetResizesTheShorterSideInTheProportion256To224() {
        assertEquals(OptionalInt.of(256), Preprocessing.imageNet(3, 224, 224).resize());
        assertEquals(OptionalInt.of(73), Preprocessing.imageNet(3, 64, 96).resize());
        assertEquals(1, Preprocessing.imageNet(1, 28, 28).channels());
    }

    @Test
    void refusesWhatNoImageCanBePreparedWith() {
        OptionalInt none = OptionalInt.empty();
        float[] one = {1};
        assertThrows(IllegalArgumentException.class, () -> new Preprocessing(none, 0, 1, one, one));
        assertThrows(IllegalArgumentException.class, () -> new Preprocessing(none, 1, 100_000, one, one));
        assertThrows(IllegalArgumentException.class, () -> new Preprocessing(OptionalInt.of(0), 1, 1, one, one));
        assertThrows(IllegalArgumentException.class, () -> new Preprocessing(none, 1, 1, one, new float[] {0}));
        assertThrows(IllegalArgumentException.class, () -> new Preprocessing(none, 1, 1, new float[2], new float[2]));
        assertThrows(IllegalArgumentException.class,
                () -> new Preprocessing(none, 1, 1, new float[] {Float.NaN}, one));
    }

    @Test
    void isAValue() {
        float[] mean = {0.5f};
        Preprocessing p = new Preprocessing(OptionalInt.of(9), 8, 7, mean, new float[] {1});
        mean[0] = 7;
        p.mean()[0] = 8;
        assertArrayEquals(new float[] {0.5f}, p.mean());
        assertEquals(p, new Preprocessing(OptionalInt.of(9), 8, 7, new float[] {0.5f}, new float[] {1}));
        assertNotEquals(p, new Preprocessing(OptionalInt.of(9), 7, 8, new float[] {0.5f}, new float[] {1}));
    }
}
