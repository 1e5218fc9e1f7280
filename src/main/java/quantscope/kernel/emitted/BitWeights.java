package quantscope.kernel.emitted;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import quantscope.kernel.ConvShape;
import quantscope.kernel.KernelSpec;

/** Signs of weights, 1 for minus, 32 channels a step. */
record BitWeights(KernelSpec.BinaryConv spec, WeightOrder order) implements LayerWeights {

    static BitWeights of(KernelSpec.BinaryConv spec, TiledLayer layer) {
        return new BitWeights(spec, WeightOrder.of(layer, layer.groupBytes() / Integer.BYTES, Integer.BYTES));
    }

    @Override
    public void words(int o, int step, int steps, int[] to, int at, int stride) {
        ConvShape s = spec.shape();
        float[] weight = spec.weight();
        int taps = s.taps();
        int first = o * s.depth();
        for (int i = 0; i < steps; i++) {
            int from = order.source()[step + i];
            int channel = from / taps * Integer.SIZE;
            int at0 = first + channel * taps + from % taps;
            int word = 0;
            for (int c = Math.min(Integer.SIZE, s.inPerGroup() - channel) - 1; c >= 0; c--) {
                word = word << 1 | (weight[at0 + c * taps] < 0 ? 1 : 0);
            }
            to[at + i * stride] = word;
        }
    }

    @Override
    public void channel(int o, MemorySegment head, Place place) {
        head.set(ValueLayout.JAVA_FLOAT, place.factor(), spec.alpha()[o]);
        head.set(ValueLayout.JAVA_FLOAT, place.bias(), spec.bias()[o]);
    }
}
