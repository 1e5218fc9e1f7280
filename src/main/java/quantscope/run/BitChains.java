package quantscope.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.kernel.Fused;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.PoolShape;

/** Binary layers that hand bits to one another: each compares its sums with bounds instead of storing fp32. */
final class BitChains {

    private final Fusion fusion;
    private final List<Optional<KernelSpec>> specs;
    private final List<Optional<Kernel>> packed;
    private final Kernels kernels;
    /** Parts from a layer that reads bits to the chain's end; they are the same wherever the chain begins. */
    private final Map<Integer, Optional<List<Fusion.Part>>> readingBits = new HashMap<>();

    BitChains(Fusion fusion, List<Optional<KernelSpec>> specs, List<Optional<Kernel>> packed, Kernels kernels) {
        this.fusion = fusion;
        this.specs = specs;
        this.packed = packed;
        this.kernels = kernels;
    }

    /**
     * The longest chain that begins with a layer.
     *
     * @param kernel the layer's, with weights in the order of its input
     * @param first  the chain's first node, which belongs to the layer's input
     * @return empty where no layer behind takes the layer's bits
     */
    Optional<List<Fusion.Part>> from(int layer, KernelSpec.BinaryConv spec, Kernel kernel, Fused.Input input, int first) {
        BitLink link = new BitLink(spec);
        int pool = -1;
        for (int i = layer + 1; fusion.joined(i); i++) {
            if (specs.get(i).isPresent() && specs.get(i).get() instanceof KernelSpec.BinaryConv next) {
                int at = pool;
                int end = i;
                return link.signs(next).flatMap(signs ->
                        kernels.fuse(kernel, new Fused(input, new Fused.Output.Bits(signs))).flatMap(fused ->
                                reading(end, next, link).map(rest ->
                                        parts(layer, spec, fused, first, link, at, end, rest))));
            }
            if (specs.get(i).isPresent() && !link.read(specs.get(i).get())) {
                return Optional.empty();
            }
            pool = specs.get(i).filter(KernelSpec.MaxPool.class::isInstance).isPresent() ? i : pool;
        }
        return Optional.empty();
    }

    /** The parts of a layer that reads bits and of those behind it. */
    private Optional<List<Fusion.Part>> reading(int layer, KernelSpec.BinaryConv spec, BitLink link) {
        if (!readingBits.containsKey(layer)) {
            Optional<KernelSpec.BinaryConv> reordered = link.reordered(spec);
            Kernel kernel = reordered.map(kernels::pack).orElseGet(() -> packed.get(layer).orElseThrow());
            Fused.Input input = new Fused.Input.Bits();
            readingBits.put(layer, from(layer, reordered.orElse(spec), kernel, input, layer)
                    .or(() -> fusion.behind(layer, kernel, input, layer).map(List::of)));
        }
        return readingBits.get(layer);
    }

    private List<Fusion.Part> parts(int layer, KernelSpec.BinaryConv spec, Kernel fused, int first, BitLink link, int pool,
                                    int next, List<Fusion.Part> rest) {
        List<Fusion.Part> parts = new ArrayList<>();
        int end = pool < 0 ? next : pool;
        parts.add(new Fusion.Part(Fusion.order(first, layer, end - 1), fused,
                Optional.of(spec.shape().outPlane() * spec.shape().outChannels() / 8)));
        link.pool().ifPresent(p -> {
            PoolShape s = p.shape();
            parts.add(new Fusion.Part(Fusion.order(pool, pool, next - 1), kernels.pack(p),
                    Optional.of(s.outHeight() * s.outWidth() * s.channels() / 8)));
        });
        parts.addAll(rest);
        return parts;
    }
}
