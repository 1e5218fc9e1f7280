package quantscope.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import quantscope.kernel.Channels;
import quantscope.kernel.ConvShape;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.MonotoneChain;
import quantscope.kernel.PoolShape;
import quantscope.kernel.SumSigns;
import quantscope.kernel.scalar.PoolWindow;

/**
 * What stands between two binary layers, read node by node: functions of one element, at most one max-pooling, at most one
 * flattening. Bits of channels fill whole ints.
 */
final class BitLink {

    private final KernelSpec.BinaryConv producer;
    private final List<KernelSpec> beforePool = new ArrayList<>();
    private final List<KernelSpec> behindPool = new ArrayList<>();
    private Optional<PoolShape> pool = Optional.empty();
    private Optional<Channels> flattened = Optional.empty();

    BitLink(KernelSpec.BinaryConv producer) {
        this.producer = producer;
    }

    /** @return whether this may stand between binary layers, behind what was read before */
    boolean read(KernelSpec spec) {
        return switch (spec) {
            case KernelSpec.Unary _ -> function(spec);
            // Behind a flattening it would have parameters for each pixel.
            case KernelSpec.BatchNorm _ -> flattened.isEmpty() && function(spec);
            case KernelSpec.MaxPool s when pool.isEmpty() && flattened.isEmpty() && everyWindowHasPixels(s.shape()) -> {
                pool = Optional.of(s.shape());
                yield true;
            }
            case KernelSpec.Reorder s when flattened.isEmpty() && !s.int8() && s.from().channels() == channels()
                    && s.to().channels() == 1 -> {
                flattened = Optional.of(s.from());
                yield true;
            }
            default -> false;
        };
    }

    private boolean function(KernelSpec spec) {
        return (pool.isEmpty() ? beforePool : behindPool).add(spec);
    }

    private int channels() {
        return producer.shape().outChannels();
    }

    static boolean everyWindowHasPixels(PoolShape s) {
        PoolWindow rows = PoolWindow.rows(s);
        PoolWindow columns = PoolWindow.columns(s);
        return IntStream.range(0, s.outHeight()).allMatch(y -> rows.count(y) > 0)
                && IntStream.range(0, s.outWidth()).allMatch(x -> columns.count(x) > 0);
    }

    /** Bounds of the producer's sums for the signs that the consumer reads; empty where not every sum has a sign. */
    Optional<SumSigns> signs(KernelSpec.BinaryConv consumer) {
        ConvShape to = consumer.shape();
        boolean fits = !consumer.source().int8() && channels() % 32 == 0 && producer.shape().outPerGroup() % 32 == 0
                && to.inPerGroup() % 32 == 0 && (flattened.isPresent() ? to.inPlane() == 1 && to.outPlane() == 1
                && to.inChannels() == flattened.get().size() : to.inChannels() == channels());
        return !fits ? Optional.empty() : MonotoneChain.of(beforePool, channels()).flatMap(before ->
                MonotoneChain.of(behindPool, channels()).flatMap(behind ->
                        SumSigns.of(producer, behind.behind(before), consumer.source().zeroSign())));
    }

    /** The pooling as one of bits, which goes through what stands behind it. */
    Optional<KernelSpec.BitMaxPool> pool() {
        return pool.map(shape -> {
            MonotoneChain behind = MonotoneChain.of(behindPool, channels()).orElseThrow();
            int[] turned = new int[channels() / 32];
            for (int c = 0; c < channels(); c++) {
                turned[c / 32] |= behind.falls(c) ? 1 << c : 0;
            }
            return new KernelSpec.BitMaxPool(shape, turned);
        });
    }

    /** The consumer for the order in which the bits lie: empty where that is the order of its weights. */
    Optional<KernelSpec.BinaryConv> reordered(KernelSpec.BinaryConv consumer) {
        return flattened.map(order -> {
            float[] weight = new float[consumer.weight().length];
            int[] places = IntStream.range(0, order.size()).map(order::at).toArray();
            for (int row = 0; row < weight.length; row += places.length) {
                for (int i = 0; i < places.length; i++) {
                    weight[row + places[i]] = consumer.weight()[row + i];
                }
            }
            return new KernelSpec.BinaryConv(consumer.shape(), consumer.source(), weight, consumer.alpha(),
                    consumer.bias());
        });
    }
}
