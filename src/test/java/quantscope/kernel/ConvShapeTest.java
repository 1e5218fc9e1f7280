package quantscope.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ConvShapeTest {

    @Test
    void paddingBehindTheImageCountsAsFarAsTapsReach() {
        ConvShape shape = new ConvShape(1, 5, 7, 8, 3, 2, 3, 5, 2, 3, 1, 0, 2, 1, 1);
        assertEquals(9, shape.paddedHeight());
        assertEquals(8, shape.paddedWidth());
    }

    @Test
    void tapsBeyondWhatAnIntCountsAreRefused() {
        int reach = (1 << 30) - 1;
        assertEquals(Integer.MAX_VALUE, new ConvShape(1, 4, 1, 8, 1, 1, 3, 1, 1, 1, 0, 0, reach, 1, 1).paddedHeight());
        assertThrows(IllegalArgumentException.class, () -> new ConvShape(1, 4, 1, 8, 2, 1, 3, 1, 1, 1, 0, 0, reach, 1, 1));
        assertThrows(IllegalArgumentException.class,
                () -> new ConvShape(1, 4, 4, 8, 4, 4, 1, 3, 1, 1, 0, Integer.MAX_VALUE, 1, reach, 1));
    }
}
