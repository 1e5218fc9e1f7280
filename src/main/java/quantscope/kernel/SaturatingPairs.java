package quantscope.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * Where vpmaddubsw can saturate in one int8 layer: it adds the products of two neighbouring channels or taps in 16 bits,
 * and what does not fit is clamped. Neighbours are the 2k-th and (2k+1)-th product of an output, counted tap by tap with
 * a tap's channels side by side, as fbgemm and ONNX Runtime pack them; an odd last one has none.
 */
public final class SaturatingPairs {

    private static final int LARGEST = Short.MAX_VALUE;
    private static final int SMALLEST = Short.MIN_VALUE;

    /** One product: its tap, its channel in the group and the signed byte that is its weight's level. */
    private record Product(int row, int column, int channel, int level) { }

    private record Pair(Product first, Product second) { }

    private final KernelSpec.Int8Conv spec;
    private final List<Pair[]> pairs = new ArrayList<>();

    public SaturatingPairs(KernelSpec.SaturatedInt8Conv saturated) {
        this.spec = saturated.exact();
        ConvShape s = spec.shape();
        for (int o = 0; o < s.outChannels(); o++) {
            List<Pair> some = new ArrayList<>();
            // A single product of a level and a signed byte always fits, so an odd last one is no concern.
            for (int k = 0; k + 1 < s.depth(); k += 2) {
                int first = spec.weight()[s.weight(o, k)] + saturated.weightZeroPoint()[o];
                int second = spec.weight()[s.weight(o, k + 1)] + saturated.weightZeroPoint()[o];
                int most = Math.max(first, 0) + Math.max(second, 0);
                int least = Math.min(first, 0) + Math.min(second, 0);
                if (most * spec.largestLevel() > LARGEST || least * spec.largestLevel() < SMALLEST) {
                    some.add(new Pair(product(k, first), product(k + 1, second)));
                }
            }
            pairs.add(some.toArray(Pair[]::new));
        }
    }

    private Product product(int k, int level) {
        ConvShape s = spec.shape();
        int tap = k / s.inPerGroup();
        return new Product(tap / s.kernelW(), tap % s.kernelW(), k % s.inPerGroup(), level);
    }

    /** Whether the weights are too small for any image to saturate. */
    public boolean none() {
        return pairs.stream().allMatch(p -> p.length == 0);
    }

    /**
     * What saturation takes off one output's sum, and the sign is the sum's: the exact accumulator less this is the
     * saturated one.
     *
     * @param in    levels of the image, [H,W,C]
     * @param start where it begins
     * @return 0 where nothing saturates, or where what saturates cancels out
     */
    public int excess(byte[] in, int start, int o, int y, int x) {
        int excess = 0;
        for (Pair p : pairs.get(o)) {
            int sum = sum(in, start, o, y, x, p);
            excess += sum - Math.clamp(sum, SMALLEST, LARGEST);
        }
        return excess;
    }

    /** Whether any pair of an output saturates; as {@link #excess}. */
    public boolean saturates(byte[] in, int start, int o, int y, int x) {
        for (Pair p : pairs.get(o)) {
            int sum = sum(in, start, o, y, x, p);
            if (sum > LARGEST || sum < SMALLEST) {
                return true;
            }
        }
        return false;
    }

    /** The exact accumulator of an output, padding being the zero point. */
    public int sum(byte[] in, int start, int o, int y, int x) {
        ConvShape s = spec.shape();
        int sum = 0;
        for (int k = 0; k < s.depth(); k++) {
            int weight = spec.weight()[s.weight(o, k)];
            sum += (level(in, start, o, y, x, product(k, weight)) - spec.inputZeroPoint()) * weight;
        }
        return sum;
    }

    private int sum(byte[] in, int start, int o, int y, int x, Pair p) {
        return level(in, start, o, y, x, p.first()) * p.first().level()
                + level(in, start, o, y, x, p.second()) * p.second().level();
    }

    private int level(byte[] in, int start, int o, int y, int x, Product p) {
        ConvShape s = spec.shape();
        int pixel = s.pixel(y, x, p.row(), p.column());
        return pixel < 0 ? spec.inputZeroPoint()
                : in[start + pixel * s.inChannels() + o / s.outPerGroup() * s.inPerGroup() + p.channel()] & 0xff;
    }
}
