package quantscope.kernel.emitted;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.UnaryFunction;

/**
 * What becomes of a tile's sums.
 *
 * @param after what fp32 outputs go through before they are stored
 */
record Ending(Kind kind, List<After> after) {

    /** int32 sums are requantized to unsigned bytes. */
    static final Ending LEVELS = new Ending(Kind.LEVELS, List.of());

    /** fp32 sums, which began with the bias, are stored. */
    static final Ending FLOATS = new Ending(Kind.FLOATS, List.of());

    /** Counts of signs that differ, d, become (signs - 2 d) * alpha + bias in fp32. */
    static final Ending SIGNS = new Ending(Kind.SIGNS, List.of());

    /** Sums of signs, signs - 2 d, are compared; a bit of each is stored. */
    static final Ending BITS = new Ending(Kind.BITS, List.of());

    enum Kind { LEVELS, FLOATS, SIGNS, BITS }

    /** A step behind the layer. */
    enum After {

        /** fma(x, factor, offset) of the channel. */
        NORM,

        /** max(x, 0): 0 for -0, NaN stays. */
        RELU
    }

    /** @return empty where something else than a ReLU or one batch norm stands behind the layer */
    Optional<Ending> then(List<KernelSpec> behind, int channels) {
        List<After> steps = new ArrayList<>();
        for (KernelSpec spec : behind) {
            Optional<After> step = switch (spec) {
                case KernelSpec.BatchNorm s when s.inner() == 1 && s.channels() == channels
                        && !steps.contains(After.NORM) -> Optional.of(After.NORM);
                case KernelSpec.Unary s when s.function() == UnaryFunction.RELU -> Optional.of(After.RELU);
                default -> Optional.empty();
            };
            if (step.isEmpty()) {
                return Optional.empty();
            }
            steps.add(step.get());
        }
        return Optional.of(new Ending(kind, List.copyOf(steps)));
    }

    /** Writes a channel's parameters of what stands behind the layer. */
    static void pack(List<KernelSpec> behind, int o, MemorySegment head, Place place) {
        for (KernelSpec spec : behind) {
            if (spec instanceof KernelSpec.BatchNorm s) {
                head.set(ValueLayout.JAVA_FLOAT, place.normFactor(), s.factor()[o]);
                head.set(ValueLayout.JAVA_FLOAT, place.normOffset(), s.offset()[o]);
            }
        }
    }

    /** Bytes of the outputs of some channels. */
    int bytes(int channels) {
        return switch (kind) {
            case LEVELS -> channels;
            case FLOATS, SIGNS -> 4 * channels;
            case BITS -> channels / 8;
        };
    }
}
