package quantscope.kernel.emitted;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemainderTest {

    private static final int STEP = 64;

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 100, 127, 128, 200, 255})
    void cutWeightsDoNotSaturateAndWhatFollowsMakesThemWhole(int largest) {
        for (Way way : new Way[] {Way.DOUBLED_256, Way.PAIRS_256}) {
            for (int runSteps : new int[] {1, 3, 7, 21}) {
                byte[] weights = new byte[21 * STEP];
                new Random(largest).nextBytes(weights);
                Arrays.fill(weights, 0, STEP, Byte.MIN_VALUE);
                Arrays.fill(weights, STEP, 2 * STEP, Byte.MAX_VALUE);
                Remainder remainder = Remainder.of(weights, STEP, runSteps, way, largest);
                assertWhole(weights, remainder);
                for (int step = 0; step < 21; step++) {
                    boolean second = way == Way.DOUBLED_256 && step % runSteps % 2 == 1;
                    assertHolds(remainder.main(), second ? step - 1 : step, step, largest);
                }
                for (Remainder.Step more : remainder.steps()) {
                    assertHolds(more.weights(), 0, 0, largest);
                }
            }
        }
    }

    @Test
    void weightsThatCannotSaturateStayAsTheyAre() {
        byte[] weights = new byte[2 * STEP];
        Arrays.fill(weights, (byte) 32);
        assertEquals(0, Remainder.of(weights, STEP, 2, Way.DOUBLED_256, 255).steps().size());
        Arrays.fill(weights, (byte) -64);
        assertEquals(0, Remainder.of(weights, STEP, 2, Way.DOUBLED_256, 127).steps().size());
        assertEquals(0, Remainder.of(weights, STEP, 2, Way.PAIRS_256, 255).steps().size());
        weights[7] = -66;
        Remainder one = Remainder.of(weights, STEP, 2, Way.DOUBLED_256, 255);
        assertEquals(2, one.steps().size());
        assertEquals(1, Remainder.of(weights, STEP, 2, Way.PAIRS_256, 255).steps().size());
    }

    @Test
    void theWayWithFewerStepsIsTaken() {
        byte[] weights = new byte[8 * STEP];
        Arrays.fill(weights, (byte) 60);
        assertEquals(Way.DOUBLED_256, Remainder.cheapest(weights, STEP, 8, Way.DOUBLED_256, 127).way());
        assertEquals(Way.PAIRS_256, Remainder.cheapest(weights, STEP, 8, Way.DOUBLED_256, 255).way());
        assertEquals(Way.PAIRS_256, Remainder.cheapest(weights, STEP, 8, Way.PAIRS_256, 127).way());
    }

    private static void assertWhole(byte[] weights, Remainder remainder) {
        byte[] sum = remainder.main().clone();
        for (Remainder.Step more : remainder.steps()) {
            for (int i = 0; i < STEP; i++) {
                sum[more.of() * STEP + i] += more.weights()[i];
            }
        }
        assertArrayEquals(weights, sum);
    }

    /** Every sum of pairs of two steps, or of one that is given twice, at the levels that make it largest. */
    private static void assertHolds(byte[] weights, int a, int b, int largest) {
        for (int i = 0; i < STEP; i += 2) {
            int most = 0;
            int least = 0;
            for (int step = a; step <= b; step++) {
                for (int j = i; j < i + 2; j++) {
                    int w = weights[step * STEP + j];
                    most += largest * Math.max(0, w);
                    least += largest * Math.min(0, w);
                }
            }
            assertTrue(most <= Short.MAX_VALUE && least >= Short.MIN_VALUE, "steps " + a + ", " + b + ": " + least + ".." + most);
        }
    }
}
