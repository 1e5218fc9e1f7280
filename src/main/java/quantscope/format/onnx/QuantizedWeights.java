package quantscope.format.onnx;

import java.util.Optional;
import quantscope.quant.BiasQuantization;
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
