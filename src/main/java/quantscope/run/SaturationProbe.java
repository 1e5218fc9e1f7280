package quantscope.run;

import java.util.List;
import java.util.Optional;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.kernel.Channels;
import quantscope.kernel.ConvShape;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.SaturatingPairs;
import quantscope.quant.Profile;
import quantscope.quant.QuantizedTensor;

/**
 * Counts what vpmaddubsw would saturate in one int8 layer, given the levels that go into it. Not thread-safe: one for each
 * thread, or used under a lock.
 */
public final class SaturationProbe {

    private final KernelSpec.Int8Conv spec;
    private final SaturatingPairs pairs;
    private final int rows;
    private final int inStride;
    private final Channels layout;
    private long dotProducts;
    private long saturating;
    private long moved;
    private int largestMove;

    private SaturationProbe(KernelSpec.SaturatedInt8Conv saturated, int rows, int inStride, Channels layout) {
        this.spec = saturated.exact();
        this.pairs = new SaturatingPairs(saturated);
        this.rows = rows;
        this.inStride = inStride;
        this.layout = layout;
    }

    /**
     * @param graph   converted
     * @param profile of a backend that saturates
     * @return empty where the node is no int8 layer with weights, or the backend multiplies it in 16 bits
     */
    public static Optional<SaturationProbe> of(Graph graph, Node node, Profile profile) {
        if (!profile.saturates()) {
            throw new IllegalArgumentException(profile + " saturates nothing");
        }
        List<Node> in = node.inputs().stream().map(graph::node).toList();
        return Lowering.lower(node, in, false, profile).flatMap(spec -> of(spec, 1, 0,
                in.isEmpty() ? new Channels(1, 1) : Layout.channels(in.getFirst().requireShape())));
    }

    private static Optional<SaturationProbe> of(KernelSpec spec, int rows, int inStride, Channels layout) {
        return switch (spec) {
            case KernelSpec.SaturatedInt8Conv s -> Optional.of(new SaturationProbe(s, rows, inStride, layout));
            case KernelSpec.Rows s -> of(s.inner(), s.rows(), s.inStride(), layout);
            default -> Optional.empty();
        };
    }

    /** Whether the weights are too small for any input to saturate. */
    public boolean safe() {
        return pairs.none();
    }

    /** @param input of one image, [1,C,H,W] or [...,F] */
    public void add(QuantizedTensor input) {
        ConvShape s = spec.shape();
        dotProducts += (long) rows * s.outPlane() * s.outChannels();
        if (pairs.none()) {
            return;
        }
        byte[] pixels = new byte[input.levels().length];
        int least = input.params().dtype().min();
        for (int i = 0; i < pixels.length; i++) {
            pixels[layout.at(i)] = (byte) (input.level(i) - least);
        }
        for (int row = 0; row < rows; row++) {
            for (int y = 0; y < s.outHeight(); y++) {
                for (int x = 0; x < s.outWidth(); x++) {
                    for (int o = 0; o < s.outChannels(); o++) {
                        add(pixels, row * inStride, o, y, x);
                    }
                }
            }
        }
    }

    private void add(byte[] pixels, int start, int o, int y, int x) {
        if (!pairs.saturates(pixels, start, o, y, x)) {
            return;
        }
        saturating++;
        int sum = pairs.sum(pixels, start, o, y, x);
        int exact = spec.requantize().level(sum, o) & 0xff;
        int clamped = spec.requantize().level(sum - pairs.excess(pixels, start, o, y, x), o) & 0xff;
        moved += exact == clamped ? 0 : 1;
        largestMove = Math.max(largestMove, Math.abs(exact - clamped));
    }

    /** Outputs that were computed. */
    public long dotProducts() {
        return dotProducts;
    }

    /** Outputs in which at least one pair saturates. */
    public long saturating() {
        return saturating;
    }

    /** Outputs whose level differs from the exact one. */
    public long moved() {
        return moved;
    }

    /** The largest difference of levels. */
    public int largestMove() {
        return largestMove;
    }
}
