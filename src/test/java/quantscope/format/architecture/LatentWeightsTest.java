package quantscope.format.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

class LatentWeightsTest {

    @Test
    void linearWeightsAreCentredOverTheInputs() {
        float[] out = LatentWeights.binarize(FloatTensor.of(Shape.of(2, 3), 0.5f, -0.25f, 0.5f, 3, -3, 0)).data();
        // Row 1: mean 0.25, so 0.25, -0.5, 0.25. Row 2: mean 0, clamped to 1, -1, 0; alpha 2/3, and 0 stays 0.
        assertArrayEquals(new float[] {1 / 3f, -1 / 3f, 1 / 3f, 2 / 3f, -2 / 3f, 0}, out);
    }

    @Test
    void convolutionsAreCentredTapByTap() {
        FloatTensor latent = FloatTensor.of(Shape.of(1, 2, 1, 2), 0.5f, 4, 0.25f, -4);
        // Tap 1: mean 0.375, so +-0.125. Tap 2: mean 0, clamped to +-1. Alpha 2.25 / 4.
        assertArrayEquals(new float[] {0.5625f, 0.5625f, -0.5625f, -0.5625f}, LatentWeights.binarize(latent).data());
    }
}
