package quantscope.kernel.emitted;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Requantize;

/** Int8 weights, as bytes or as words; sums begin with -z_x times the weights' sum. */
record Int8Weights(KernelSpec.Int8Conv spec, WeightOrder order) implements LayerWeights {

    static Int8Weights of(KernelSpec.Int8Conv spec, TiledLayer layer) {
        return new Int8Weights(spec, WeightOrder.of(layer, spec.shape().inPerGroup(),
                layer.way().wordWeights() ? Short.BYTES : Byte.BYTES));
    }

    @Override
    public void words(int o, int step, int steps, int[] to, int at, int stride) {
        short[] weight = spec.weight();
        int[] source = order.source();
        int perStep = order.perStep();
        int bits = Integer.SIZE / perStep;
        int mask = (1 << bits) - 1;
        int first = o * spec.shape().depth();
        for (int i = 0; i < steps; i++) {
            int word = 0;
            for (int k = perStep - 1; k >= 0; k--) {
                int from = source[(step + i) * perStep + k];
                word = word << bits | (from < 0 ? 0 : weight[first + from] & mask);
            }
            to[at + i * stride] = word;
        }
    }

    @Override
    public void channel(int o, MemorySegment head, Place place) {
        int depth = spec.shape().depth();
        int sum = 0;
        for (int i = o * depth; i < (o + 1) * depth; i++) {
            sum += spec.weight()[i];
        }
        Requantize to = spec.requantize();
        head.set(ValueLayout.JAVA_INT, place.initial(), to.offset()[o] - spec.inputZeroPoint() * sum);
        head.set(ValueLayout.JAVA_FLOAT, place.bias(), to.bias()[o]);
        head.set(ValueLayout.JAVA_FLOAT, place.factor(), to.multiplier()[o]);
    }

    @Override
    public void head(MemorySegment head) {
        Requantize to = spec.requantize();
        head.set(ValueLayout.JAVA_FLOAT, BlockLayout.LOW, to.low() - to.zeroPoint());
        head.set(ValueLayout.JAVA_FLOAT, BlockLayout.HIGH, 255 - to.zeroPoint());
        head.set(ValueLayout.JAVA_INT, BlockLayout.ZERO_POINT, to.zeroPoint());
    }
}
