package quantscope.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TicksTest {

    @Test
    void linearTicksAreRoundNumbersInsideTheRange() {
        assertEquals(List.of(-0.4, -0.2, 0.0, 0.2, 0.4), Ticks.linear(-0.5, 0.45, 5).stream()
                .map(t -> Math.round(t * 10) / 10.0).toList());
        assertEquals(List.of(0.0, 20.0, 40.0, 60.0), Ticks.linear(0, 70, 4));
    }

    @Test
    void labelsHaveTheDecimalsOfTheirStep() {
        assertEquals("0.25", Ticks.label(0.25, 0.05));
        assertEquals("20", Ticks.label(20, 20));
        assertEquals("0", Ticks.label(1e-17, 0.2));
    }

    @Test
    void logarithmicTicksArePowersOfTen() {
        assertEquals(List.of(1.0, 10.0, 100.0, 1000.0), Ticks.logarithmic(5000, 8));
        assertEquals(List.of(1.0, 100.0), Ticks.logarithmic(5000, 2));
    }

    @Test
    void logarithmicScaleShowsSingleValues() {
        CountScale log = new CountScale(1_000_000, true);
        assertEquals(0, log.position(0));
        assertEquals(1, log.position(1_000_000), 1e-12);
        assertTrue(log.position(1) > 0.04);
        assertEquals(0.25, new CountScale(4, false).position(1));
    }
}
