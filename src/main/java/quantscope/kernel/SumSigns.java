package quantscope.kernel;

import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Signs of what a chain makes of a binary layer's outputs, as bounds for its integer sums: minus where
 * (sum ^ turned) < below, else plus.
 *
 * @param turned 0 for channels that rise, -1 for those that fall
 */
public record SumSigns(int[] below, int[] turned) {

    /**
     * @param chain    what the layer's outputs go through
     * @param zeroSign of 0 behind the chain
     * @return empty where a sum may have no sign, or become a NaN
     */
    public static Optional<SumSigns> of(KernelSpec.BinaryConv layer, MonotoneChain chain, int zeroSign) {
        int channels = layer.shape().outChannels();
        SumSigns signs = new SumSigns(new int[channels], new int[channels]);
        for (int c = 0; c < channels; c++) {
            int channel = c;
            float alpha = layer.alpha()[c];
            float bias = layer.bias()[c];
            if (!Float.isFinite(alpha) || !Float.isFinite(bias)) {
                return Optional.empty();
            }
            int turned = alpha < 0 ^ chain.falls(c) ? -1 : 0;
            int most = layer.shape().depth();
            int notMinus = first(most, t -> !(chain.apply(channel, (t ^ turned) * alpha + bias) < 0));
            int plus = first(most, t -> chain.apply(channel, (t ^ turned) * alpha + bias) > 0);
            if (zeroSign == 0 && notMinus != plus) {
                return Optional.empty();
            }
            signs.below[c] = zeroSign < 0 ? plus : notMinus;
            signs.turned[c] = turned;
        }
        return Optional.of(signs);
    }

    /** The first of -most - 1 to most for which something holds that holds for all above; most + 1 where it never does. */
    private static int first(int most, IntPredicate holds) {
        int low = -most - 1;
        int high = most + 1;
        while (low < high) {
            int middle = Math.floorDiv(low + high, 2);
            if (holds.test(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
