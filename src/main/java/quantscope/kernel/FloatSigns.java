package quantscope.kernel;

import java.util.function.IntPredicate;

/**
 * Signs of fp32 values behind a {@link MonotoneChain}, as bounds for the values before it. With x' = x, or -x where the
 * channel falls: minus where x' <= atMost, plus where x' >= atLeast, no sign in between and for NaN. A bound that nothing
 * meets is NaN.
 *
 * @param turned what a channel's bits are exclusive-ored with to turn its sign: 0 or the sign bit
 */
public record FloatSigns(float[] atMost, float[] atLeast, int[] turned) implements SignRule {

    private static final int SIGN = 0x8000_0000;
    private static final int FIRST = key(Float.NEGATIVE_INFINITY);
    private static final int LAST = key(Float.POSITIVE_INFINITY);

    /** The bounds are found by trying, so they are exact whatever the chain rounds. */
    public static FloatSigns of(MonotoneChain chain) {
        int channels = chain.channels();
        FloatSigns signs = new FloatSigns(new float[channels], new float[channels], new int[channels]);
        for (int c = 0; c < channels; c++) {
            int channel = c;
            int turned = chain.falls(c) ? SIGN : 0;
            signs.turned[c] = turned;
            int plus = first(key -> chain.apply(channel, turn(value(key), turned)) > 0);
            int notMinus = first(key -> !(chain.apply(channel, turn(value(key), turned)) < 0));
            signs.atLeast[c] = plus > LAST ? Float.NaN : value(plus);
            signs.atMost[c] = notMinus == FIRST ? Float.NaN : value(notMinus - 1);
        }
        return signs;
    }

    /** Numbers in the order of the floats, -0 before 0. */
    private static int key(float x) {
        int bits = Float.floatToRawIntBits(x);
        return bits < 0 ? bits ^ 0x7fff_ffff : bits;
    }

    private static float value(int key) {
        return Float.intBitsToFloat(key < 0 ? key ^ 0x7fff_ffff : key);
    }

    private static float turn(float x, int turned) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(x) ^ turned);
    }

    /** The first float for which something holds that holds for all above, one behind the last where it never does. */
    private static int first(IntPredicate holds) {
        long low = FIRST;
        long high = LAST + 1L;
        while (low < high) {
            long middle = Math.floorDiv(low + high, 2);
            if (holds.test((int) middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return (int) low;
    }

    @Override
    public int sign(Memory memory, int index, int channel) {
        float x = turn(memory.floats()[index], turned[channel]);
        return x <= atMost[channel] ? -1 : x >= atLeast[channel] ? 1 : 0;
    }
}
