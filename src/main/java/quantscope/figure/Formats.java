package quantscope.figure;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import quantscope.tensor.Shape;

/** Numbers as the window writes them. */
public final class Formats {

    private static final String[] UNITS = {"", " k", " M", " G", " T"};

    private Formats() { }

    /** Three significant digits and a unit: 7104 is "7.10 k", 96 is "96". */
    public static String count(long n) {
        double value = n;
        int unit = 0;
        while (Math.abs(value) >= 999.5 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        if (unit == 0) {
            return Long.toString(n);
        }
        int decimals = Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f%s", value, UNITS[unit]);
    }

    /** [1,48,32,32] is "48 × 32 × 32": the image is always one. */
    public static String shape(Optional<Shape> shape) {
        return shape.map(s -> s.dims().stream().skip(s.rank() > 1 ? 1 : 0).map(String::valueOf)
                .collect(Collectors.joining(" × "))).orElse("?");
    }

    /** Decibels with one decimal; infinite where nothing differs. */
    public static String decibel(double db) {
        return Double.isInfinite(db) ? "∞" : String.format(Locale.ROOT, "%.1f dB", db);
    }

    /** 0.034 is "3.4 %". */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }

    /** Three significant digits, in scientific form where that is shorter. */
    public static String number(double x) {
        double a = Math.abs(x);
        return x == 0 ? "0" : a >= 0.001 && a < 10_000 ? String.format(Locale.ROOT, "%.4g", x)
                : String.format(Locale.ROOT, "%.2e", x);
    }

    /** For narrow columns: three digits, or two and an exponent: 2.37, 0.041, 8.3e-4. */
    public static String brief(double x) {
        double a = Math.abs(x);
        return x == 0 ? "0" : a >= 999.5 || a < 0.01 ? String.format(Locale.ROOT, "%.1e", x).replaceFirst("e([+-])0", "e$1")
                : String.format(Locale.ROOT, a >= 99.95 ? "%.0f" : a >= 9.995 ? "%.1f" : a >= 0.9995 ? "%.2f" : "%.3f", x);
    }

    /** 4 s, 1 min 20 s. */
    public static String duration(double seconds) {
        long whole = Math.max(1, Math.round(seconds));
        return whole < 60 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
    }
}
