package quantscope.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import quantscope.graph.Op;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Values where the last bit of a step decides what PyTorch 2.13 (fbgemm) answers; the expected ones are PyTorch's. */
class TorchRoundingTest {

    private static final float WEIGHT_SCALE = 0.025f;

    @Test
    void oneScaleForTheWholeWeightMultipliesTheBiasByItsInverse() {
        assertEquals(60, linear(new QuantParams.PerTensor(QuantDtype.QINT8, WEIGHT_SCALE, 0)));
    }

    @Test
    void aScalePerChannelDividesTheBias() {
        assertEquals(61, linear(new QuantParams.PerChannel(QuantDtype.QINT8, new float[] {WEIGHT_SCALE}, new int[1], 0)));
    }

    private static int linear(QuantParams weight) {
        Shape one = Shape.of(1, 1);
        Op op = new Op.QuantizedLinear(new QuantizedTensor(one, new byte[] {56}, weight),
                Optional.of(new FloatTensor(Shape.of(1), new float[] {-6.44f})), false,
                new QuantParams.PerTensor(QuantDtype.QUINT8, 0.94f, 64));
        Value x = new Value.Int8(new QuantizedTensor(one, new byte[] {48},
                new QuantParams.PerTensor(QuantDtype.QUINT8, 0.046875f, 0)));
        return ((Value.Int8) OneOp.run(new ScalarKernels(), op, List.of(x), false)).tensor().level(0);
    }

    @Test
    void theOffsetOfABatchNormIsOneFusedProduct() {
        Op op = new Op.BatchNorm2d(one(3.24f), one(0.35f), one(0.72f), one(0.95f), 1e-5f);
        Value x = new Value.Fp32(new FloatTensor(Shape.of(1, 1, 1, 1), new float[] {0.73f}));
        assertEquals(0.38324156f, ((Value.Fp32) OneOp.run(new ScalarKernels(), op, List.of(x), false)).tensor().data()[0]);
    }

    private static FloatTensor one(float value) {
        return new FloatTensor(Shape.of(1), new float[] {value});
    }
}
