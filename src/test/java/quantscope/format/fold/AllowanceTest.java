package quantscope.format.fold;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

class AllowanceTest {

    private static final Known FOUR_MEGABYTES = Known.of(FloatTensor.zeros(Shape.of(1 << 20)));

    @Test
    void constantsOutOfProportionAreRefused() {
        Allowance allowance = new Allowance();
        for (int i = 0; i < 8; i++) {
            allowance.take(FOUR_MEGABYTES, List.of());
        }
        FoldException e = assertThrows(FoldException.class, () -> allowance.take(FOUR_MEGABYTES, List.of()));
        assertTrue(e.getMessage().contains("37748736 bytes, expected at most 33554432"), e.getMessage());
    }

    @Test
    void weightsAllowForMoreAndOtherShapesOfThemCountNothing() {
        Allowance allowance = new Allowance();
        allowance.grant(FOUR_MEGABYTES);
        for (int i = 0; i < 24; i++) {
            allowance.take(FOUR_MEGABYTES, List.of());
            allowance.take(FOUR_MEGABYTES.reshaped(Shape.of(1 << 10, 1 << 10)), List.of(FOUR_MEGABYTES));
        }
        assertThrows(FoldException.class, () -> allowance.take(FOUR_MEGABYTES, List.of()));
    }
}
