package quantscope.kernel;

import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Signs of what a chain makes of levels 0..255, as bounds for the levels: minus where (level <= minus) ^ minusNot, plus
 * where (level <= plus) ^ plusNot.
 *
 * @param minus    [channels], unsigned
 * @param minusNot [channels], 0 or -1
 */
public record LevelSigns(byte[] minus, byte[] minusNot, byte[] plus, byte[] plusNot) implements SignRule {

    /**
     * @param chain  functions of one level, then perhaps dequantize and fp32 functions of one element
     * @param source of the signs behind the chain
     * @return empty where there is something else in the chain, or the levels of a sign do not lie at one end
     */
    public static Optional<LevelSigns> of(List<KernelSpec> chain, int channels, SignSource source) {
        int levels = 0;
        while (levels < chain.size() && isOfLevels(chain.get(levels), channels)) {
            levels++;
        }
        List<KernelSpec> before = chain.subList(0, levels);
        if (source.int8()) {
            return levels < chain.size() ? Optional.empty()
                    : of(channels, (c, q) -> apply(before, c, q) - source.zeroPoint());
        }
        if (levels == chain.size() || !(chain.get(levels) instanceof KernelSpec.Dequantize to)) {
            return Optional.empty();
        }
        return MonotoneChain.of(chain.subList(levels + 1, chain.size()), channels).flatMap(real -> of(channels, (c, q) ->
                real.apply(c, Int8Arithmetic.dequantize(apply(before, c, q), to.scale(), to.zeroPoint()))));
    }

    /** What a level of a channel becomes. */
    @FunctionalInterface
    private interface Function {
        float at(int channel, int level);
    }

    private static boolean isOfLevels(KernelSpec spec, int channels) {
        return switch (spec) {
            case KernelSpec.Int8Map _ -> true;
            case KernelSpec.Int8BatchNorm s -> s.inner() == 1 && s.channels() == channels;
            default -> false;
        };
    }

    private static int apply(List<KernelSpec> chain, int channel, int level) {
        int q = level;
        for (KernelSpec spec : chain) {
            q = 0xff & switch (spec) {
                case KernelSpec.Int8Map s -> s.table()[q];
                case KernelSpec.Int8BatchNorm s -> Int8Arithmetic.level(Math.fma(s.alpha()[channel],
                        (float) (q - s.inputZeroPoint()), s.beta()[channel]), s.zeroPoint(), 0);
                default -> throw new IllegalStateException(spec + " is no function of one level");
            };
        }
        return q;
    }

    private static Optional<LevelSigns> of(int channels, Function function) {
        LevelSigns signs = new LevelSigns(new byte[channels], new byte[channels], new byte[channels], new byte[channels]);
        for (int c = 0; c < channels; c++) {
            int channel = c;
            if (!end(q -> function.at(channel, q) < 0, signs.minus, signs.minusNot, c)
                    || !end(q -> function.at(channel, q) > 0, signs.plus, signs.plusNot, c)) {
                return Optional.empty();
            }
        }
        return Optional.of(signs);
    }

    /** @return whether the levels for which something holds are the first or the last ones */
    private static boolean end(IntPredicate holds, byte[] bound, byte[] not, int c) {
        boolean first = holds.test(0);
        int same = 0;
        while (same < 255 && holds.test(same + 1) == first) {
            same++;
        }
        bound[c] = (byte) same;
        not[c] = (byte) (first ? 0 : -1);
        for (int q = same + 1; q <= 255; q++) {
            if (holds.test(q) == first) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int sign(Memory memory, int index, int channel) {
        int level = memory.bytes()[index] & 0xff;
        return level <= (minus[channel] & 0xff) ^ minusNot[channel] != 0 ? -1
                : level <= (plus[channel] & 0xff) ^ plusNot[channel] != 0 ? 1 : 0;
    }
}
