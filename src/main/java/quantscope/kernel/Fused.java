package quantscope.kernel;

import java.util.List;

/**
 * How a layer with weights takes in what stands before it and takes over what stands behind it. The results are, bit for
 * bit, those of one after the other.
 *
 * <p>Bits are signs, 1 for minus, of values that all have one: [pixel][channels / 8] in {@link Memory#bytes()}, the lowest
 * bit first, where channels are a multiple of 32.
 */
public record Fused(Input input, Output output) {

    /** What a layer reads. */
    public sealed interface Input {

        /** What its spec says. */
        record AsSpecified() implements Input { }

        /** Values whose signs follow a rule. */
        record Signs(SignRule rule) implements Input { }

        record Bits() implements Input { }
    }

    /** What it writes. */
    public sealed interface Output {

        /** @param after what fp32 outputs go through: batch norms and functions of one element */
        record Floats(List<KernelSpec> after) implements Output {
            public Floats {
                after = List.copyOf(after);
            }
        }

        record Bits(SumSigns signs) implements Output { }
    }
}
