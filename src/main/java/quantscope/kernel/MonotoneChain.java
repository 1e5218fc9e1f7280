package quantscope.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * fp32 functions of one element, one after the other, that for each channel never fall or never rise: rounding keeps the
 * order of what it rounds. So their sign changes at most twice, from minus to 0 and from 0 to plus.
 *
 * <p>Parameters are such that no number becomes a NaN on the way.
 */
public final class MonotoneChain {

    private final List<KernelSpec> functions;
    private final boolean[] falls;

    private MonotoneChain(List<KernelSpec> functions, boolean[] falls) {
        this.functions = functions;
        this.falls = falls;
    }

    /** What leaves everything as it is. */
    public static MonotoneChain none(int channels) {
        return new MonotoneChain(List.of(), new boolean[channels]);
    }

    /** @return empty where a function is none of these, has other channels, or may make a NaN of an infinite value */
    public static Optional<MonotoneChain> of(List<KernelSpec> functions, int channels) {
        boolean[] falls = new boolean[channels];
        for (KernelSpec function : functions) {
            boolean monotone = switch (function) {
                case KernelSpec.BatchNorm s -> turn(s, falls);
                case KernelSpec.Unary s -> monotone(s);
                default -> false;
            };
            if (!monotone) {
                return Optional.empty();
            }
        }
        return Optional.of(new MonotoneChain(List.copyOf(functions), falls));
    }

    private static boolean turn(KernelSpec.BatchNorm s, boolean[] falls) {
        if (s.inner() != 1 || s.channels() != falls.length) {
            return false;
        }
        for (int c = 0; c < falls.length; c++) {
            // 0 times infinity and the difference of two infinities are NaN.
            if (!Float.isFinite(s.factor()[c]) || s.factor()[c] == 0 || !Float.isFinite(s.offset()[c])) {
                return false;
            }
            falls[c] ^= s.factor()[c] < 0;
        }
        return true;
    }

    private static boolean monotone(KernelSpec.Unary s) {
        return switch (s.function()) {
            case RELU -> true;
            case CLIP -> !Float.isNaN(s.a()) && !Float.isNaN(s.b());
            case LEAKY_RELU -> s.a() > 0 && Float.isFinite(s.a());
            case SIGN -> s.a() >= -1 && s.a() <= 1;
            case SIGMOID -> false;
        };
    }

    /** The same with further functions in front; both have the same channels. */
    public MonotoneChain behind(MonotoneChain first) {
        List<KernelSpec> all = new ArrayList<>(first.functions);
        all.addAll(functions);
        boolean[] both = falls.clone();
        for (int c = 0; c < both.length; c++) {
            both[c] ^= first.falls[c];
        }
        return new MonotoneChain(List.copyOf(all), both);
    }

    public int channels() {
        return falls.length;
    }

    /** Whether a channel's result never rises; else it never falls. */
    public boolean falls(int channel) {
        return falls[channel];
    }

    public float apply(int channel, float value) {
        float x = value;
        for (KernelSpec function : functions) {
            x = switch (function) {
                case KernelSpec.BatchNorm s -> Math.fma(x, s.factor()[channel], s.offset()[channel]);
                case KernelSpec.Unary s -> apply(s, x);
                default -> throw new IllegalStateException(function + " is not monotone");
            };
        }
        return x;
    }

    private static float apply(KernelSpec.Unary s, float x) {
        return switch (s.function()) {
            case RELU -> Math.max(x, 0f);
            case CLIP -> Math.min(Math.max(x, s.a()), s.b());
            case LEAKY_RELU -> x > 0 ? x : x * s.a();
            case SIGN -> x == 0 ? s.a() : Math.signum(x);
            case SIGMOID -> throw new IllegalStateException(s + " never changes its sign");
        };
    }
}
