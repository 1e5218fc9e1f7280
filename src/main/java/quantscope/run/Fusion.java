package quantscope.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.kernel.FloatSigns;
import quantscope.kernel.Fused;
import quantscope.kernel.ImageQuantizer;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.LevelSigns;
import quantscope.kernel.MonotoneChain;
import quantscope.kernel.PoolShape;
import quantscope.kernel.SignRule;
import quantscope.kernel.SignSource;

/**
 * Finds chains of nodes that fewer kernels compute than there are nodes. Chains may overlap: each is an alternative to its
 * nodes' own steps.
 */
final class Fusion {

    /**
     * Neighbouring nodes of which each but the first reads the one before alone, and nobody else does.
     *
     * @param first index of the first node
     * @param last  of the last one, whose value is the chain's
     */
    record Chain(int first, int last, List<Part> parts) { }

    /**
     * What one kernel computes, from the value before it.
     *
     * @param nodes  its nodes, the layer with weights first
     * @param inside bytes of its value, where that is no node's, but bits or levels inside of the chain
     */
    record Part(List<Integer> nodes, Kernel kernel, Optional<Integer> inside) { }

    private final List<Node> nodes;
    private final List<Optional<KernelSpec>> specs;
    private final List<Optional<Kernel>> packed;
    private final Kernels kernels;
    private final BitChains bits;
    private final Map<String, Integer> readers = new HashMap<>();

    /** @param specs what each node computes, empty where it only renames its input */
    Fusion(Graph graph, List<Optional<KernelSpec>> specs, List<Optional<Kernel>> packed, Kernels kernels) {
        this.nodes = graph.nodes();
        this.specs = specs;
        this.packed = packed;
        this.kernels = kernels;
        bits = new BitChains(this, specs, packed, kernels);
        nodes.forEach(node -> node.inputs().forEach(in -> readers.merge(in, 1, Integer::sum)));
        graph.outputs().forEach(out -> readers.merge(out, 1, Integer::sum));
    }

    /** Where the first two nodes are the input and what quantizes it: what does both. */
    Optional<ImageQuantizer> image() {
        return nodes.getFirst().op() instanceof Op.Input input && joined(1)
                && specs.get(1).orElse(null) instanceof KernelSpec.Quantize s
                ? kernels.imageQuantizer(s, Layout.channels(input.shape())) : Optional.empty();
    }

    List<Chain> chains() {
        List<Chain> chains = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            if (specs.get(i).isPresent()) {
                switch (specs.get(i).get()) {
                    case KernelSpec.Conv _ -> behind(i, packed.get(i).orElseThrow(), new Fused.Input.AsSpecified(), i)
                            .ifPresent(part -> chains.add(chain(List.of(), List.of(part))));
                    case KernelSpec.BinaryConv s -> binary(i, s, chains);
                    default -> { }
                }
            }
        }
        return List.copyOf(chains);
    }

    private static Chain chain(List<Part> before, List<Part> parts) {
        List<Part> all = new ArrayList<>(before);
        all.addAll(parts);
        return new Chain(Collections.min(all.getFirst().nodes()), Collections.max(all.getLast().nodes()), List.copyOf(all));
    }

    /** A binary layer by itself, and with those behind it that read its bits. */
    private void binary(int layer, KernelSpec.BinaryConv spec, List<Chain> chains) {
        int first = before(layer);
        Fused.Input input = first == layer ? new Fused.Input.AsSpecified()
                : new Fused.Input.Signs(rule(first, layer, spec).orElseThrow());
        add(layer, spec, input, first, List.of(), chains);
        pooledLevels(layer, spec, first).ifPresent(pooled -> add(layer, spec, new Fused.Input.Signs(pooled.rule()), first,
                List.of(pooled.part()), chains));
    }

    private void add(int layer, KernelSpec.BinaryConv spec, Fused.Input input, int first, List<Part> before,
                     List<Chain> chains) {
        Kernel kernel = packed.get(layer).orElseThrow();
        behind(layer, kernel, input, first).map(List::of).ifPresent(parts -> chains.add(chain(before, parts)));
        bits.from(layer, spec, kernel, input, first).ifPresent(parts -> chains.add(chain(before, parts)));
    }

    /** What is pooled before it is dequantized, and the signs of its levels. */
    private record PooledLevels(Part part, SignRule rule) { }

    /** Dequantize and a max-pooling in front of a chain's first node change places: the largest level is the largest value's. */
    private Optional<PooledLevels> pooledLevels(int layer, KernelSpec.BinaryConv spec, int first) {
        OptionalInt pool = nodeBefore(first);
        OptionalInt dequantize = pool.isPresent() ? nodeBefore(pool.getAsInt()) : OptionalInt.empty();
        if (dequantize.isEmpty() || !(specs.get(pool.getAsInt()).orElseThrow() instanceof KernelSpec.MaxPool s)
                || !(specs.get(dequantize.getAsInt()).orElseThrow() instanceof KernelSpec.Dequantize d)
                || !BitLink.everyWindowHasPixels(s.shape())) {
            return Optional.empty();
        }
        List<KernelSpec> chain = new ArrayList<>(List.of(d));
        specs.subList(first, layer).forEach(function -> function.ifPresent(chain::add));
        PoolShape shape = s.shape();
        return LevelSigns.of(chain, spec.shape().inChannels(), spec.source()).map(rule -> new PooledLevels(
                new Part(order(dequantize.getAsInt(), pool.getAsInt(), first - 1),
                        kernels.pack(new KernelSpec.Int8MaxPool(shape)),
                        Optional.of(shape.outHeight() * shape.outWidth() * shape.channels())), rule));
    }

    /** The node that computes what this one reads, if nobody else reads it. */
    private OptionalInt nodeBefore(int i) {
        int at = i;
        while (joined(at)) {
            at--;
            if (specs.get(at).isPresent()) {
                return OptionalInt.of(at);
            }
        }
        return OptionalInt.empty();
    }

    /**
     * A layer with the nodes behind it, as many as one kernel takes.
     *
     * @return empty where that is the layer's own step
     */
    Optional<Part> behind(int layer, Kernel kernel, Fused.Input input, int first) {
        Optional<Kernel> best = input instanceof Fused.Input.AsSpecified ? Optional.empty()
                : kernels.fuse(kernel, new Fused(input, new Fused.Output.Floats(List.of())));
        int last = layer;
        List<KernelSpec> after = new ArrayList<>();
        for (int i = layer + 1; joined(i); i++) {
            specs.get(i).ifPresent(after::add);
            if (specs.get(i).isPresent()) {
                Optional<Kernel> longer = kernels.fuse(kernel, new Fused(input, new Fused.Output.Floats(after)));
                if (longer.isEmpty()) {
                    break;
                }
                best = longer;
                last = i;
            }
        }
        int end = last;
        return best.map(fused -> new Part(order(first, layer, end), fused, Optional.empty()));
    }

    /** The first node of the longest chain before a binary layer that becomes bounds of its signs. */
    private int before(int layer) {
        KernelSpec.BinaryConv spec = (KernelSpec.BinaryConv) specs.get(layer).orElseThrow();
        int first = layer;
        for (int i = layer; joined(i); i--) {
            Optional<KernelSpec> before = specs.get(i - 1);
            if (before.isPresent() && rule(i - 1, layer, spec).isEmpty()) {
                break;
            }
            first = before.isPresent() ? i - 1 : first;
        }
        return first;
    }

    private Optional<SignRule> rule(int first, int layer, KernelSpec.BinaryConv spec) {
        List<KernelSpec> chain = specs.subList(first, layer).stream().flatMap(Optional::stream).toList();
        SignSource source = spec.source();
        int channels = spec.shape().inChannels();
        if (source.int8() || chain.getFirst() instanceof KernelSpec.Dequantize
                || chain.getFirst() instanceof KernelSpec.Int8Map
                || chain.getFirst() instanceof KernelSpec.Int8BatchNorm) {
            return LevelSigns.of(chain, channels, source).map(rule -> rule);
        }
        return MonotoneChain.of(chain, channels).map(FloatSigns::of);
    }

    /** The part's nodes, the layer first. */
    static List<Integer> order(int first, int layer, int last) {
        List<Integer> order = new ArrayList<>(List.of(layer));
        for (int i = first; i <= last; i++) {
            if (i != layer) {
                order.add(i);
            }
        }
        return List.copyOf(order);
    }

    /** Whether a node reads the one before it and nothing else, and is the only one that does. */
    boolean joined(int i) {
        return i > 0 && i < nodes.size() && nodes.get(i).inputs().equals(List.of(nodes.get(i - 1).name()))
                && readers.get(nodes.get(i - 1).name()) == 1;
    }
}
