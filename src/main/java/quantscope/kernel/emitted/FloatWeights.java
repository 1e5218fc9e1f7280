package quantscope.kernel.emitted;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import quantscope.kernel.KernelSpec;

/** fp32 weights; sums begin with the bias. */
record FloatWeights(KernelSpec.Conv spec, WeightOrder order) implements LayerWeights {

    static FloatWeights of(KernelSpec.Conv spec, TiledLayer layer) {
        return new FloatWeights(spec, WeightOrder.of(layer, spec.shape().inPerGroup(), Float.BYTES));
    }

    @Override
    public void words(int o, int step, int steps, int[] to, int at, int stride) {
        float[] weight = spec.weight();
        int[] source = order.source();
        int first = o * spec.shape().depth();
        for (int i = 0; i < steps; i++) {
            to[at + i * stride] = Float.floatToRawIntBits(weight[first + source[step + i]]);
        }
    }

    @Override
    public void channel(int o, MemorySegment head, Place place) {
        head.set(ValueLayout.JAVA_FLOAT, place.initial(), spec.bias()[o]);
    }
}
