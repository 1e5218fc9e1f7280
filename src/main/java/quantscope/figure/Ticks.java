package quantscope.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Places and labels of an axis's ticks. */
public final class Ticks {

    private Ticks() { }

    /** Multiples of 1, 2 or 5 times a power of ten between both ends, about as many as wanted. */
    public static List<Double> linear(double min, double max, int wanted) {
        double step = step((max - min) / Math.max(1, wanted));
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(min / step - 1e-9); i * step <= max + step * 1e-9; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** Powers of ten from 1 up to the largest count, thinned to about as many as wanted. */
    public static List<Double> logarithmic(double max, int wanted) {
        int decades = (int) Math.floor(Math.log10(Math.max(1, max)) + 1e-9);
        int every = Math.max(1, (int) Math.ceil((decades + 1) / (double) Math.max(1, wanted)));
        List<Double> ticks = new ArrayList<>();
        for (int d = 0; d <= decades; d += every) {
            ticks.add(Math.pow(10, d));
        }
        return ticks;
    }

    public static double step(double raw) {
        if (!(raw > 0)) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double rest = raw / power;
        return power * (rest <= 1 ? 1 : rest <= 2 ? 2 : rest <= 5 ? 5 : 10);
    }

    /** A tick's label with just the decimals that its step needs. */
    public static String label(double value, double step) {
        if (Math.abs(value) < step * 1e-6) {
            return "0";
        }
        double magnitude = Math.max(Math.abs(value), step);
        if (magnitude >= 1e6 || step < 1e-5) {
            return String.format(Locale.ROOT, "%.3g", value);
        }
        int decimals = (int) Math.clamp(Math.ceil(-Math.log10(step) - 1e-9), 0, 6);
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
