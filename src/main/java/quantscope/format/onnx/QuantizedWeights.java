package quantscope.format.onnx;

import java.util.Optional;
import quantscope.quant.BiasQuantization;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Weights and biases of int8 layers, as the program's operators hold them. */
final class QuantizedWeights {

    private QuantizedWeights() { }

    /** [I,O] as [O,I], with one scale or one for each output. */
    static QuantizedTensor transposed(QuantizedTensor weight) {
        int inputs = weight.shape().dim(0);
        int outputs = weight.shape().dim(1);
        byte[] levels = new byte[weight.levels().length];
        for (int i = 0; i < inputs; i++) {
            for (int o = 0; o < outputs; o++) {
                levels[o * inputs + i] = weight.levels()[i * outputs + o];
            }
        }
        QuantParams params = switch (weight.params()) {
            case QuantParams.PerTensor p -> p;
            case QuantParams.PerChannel p -> new QuantParams.PerChannel(p.dtype(), p.scales(), p.zeroPoints(), 0);
        };
        return new QuantizedTensor(Shape.of(outputs, inputs), levels, params);
    }

    /**
     * ONNX Runtime's WeightBiasQuantization: qint8 over the range from the smallest to the largest weight, which includes 0;
     * scale = (max - min) / 255, zero point = rint(-128 - min / scale), levels = rint(w / scale) + zero point.
     */
    static QuantizedTensor quantized(FloatTensor weight) {
        float min = 0;
        float max = 0;
        for (float w : weight.data()) {
            min = Math.min(min, w);
            max = Math.max(max, w);
        }
        float scale = max == min ? 1 : (max - min) / (QuantDtype.QINT8.max() - QuantDtype.QINT8.min());
        int zeroPoint = (int) Math.clamp(Math.rint(QuantDtype.QINT8.min() - min / scale), QuantDtype.QINT8.min(),
                QuantDtype.QINT8.max());
        byte[] levels = new byte[weight.data().length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) Math.clamp((long) Math.rint(weight.data()[i] / scale) + zeroPoint, QuantDtype.QINT8.min(),
                    QuantDtype.QINT8.max());
        }
        return new QuantizedTensor(weight.shape(), levels, new QuantParams.PerTensor(QuantDtype.QINT8, scale, zeroPoint));
    }

    /**
     * A bias of int32 levels in fp32, from which the engine finds the same levels again.
     *
     * @return empty where fp32 cannot hold them
     */
    static Optional<FloatTensor> bias(long[] levels, float inputScale, QuantParams weight) {
        float[] bias = new float[levels.length];
        for (int o = 0; o < bias.length; o++) {
            float scale = inputScale * weight.scale(o);
            bias[o] = levels[o] * scale;
            if (BiasQuantization.onnx(bias[o], scale) != levels[o]) {
                return Optional.empty();
            }
        }
        return Optional.of(FloatTensor.vector(bias));
    }
}
