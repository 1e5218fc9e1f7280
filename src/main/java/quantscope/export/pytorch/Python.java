package quantscope.export.pytorch;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Python's literals and identifiers. */
final class Python {

    private static final Set<String> TAKEN = Set.of("False", "None", "True", "and", "as", "assert", "async", "await",
            "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global",
            "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
            "with", "yield", "self", "x", "training", "forward", "eval", "train", "modules", "parameters", "buffers",
            "float", "half", "double", "type", "to", "cpu", "cuda", "apply", "children", "compile", "share_memory",
            "dump_patches", "call_super_init", "state_dict", "extra_repr", "zero_grad", "register_buffer", "torch",
            "nn", "np");

    private Python() { }

    /** A module attribute for each layer: the layer's name with everything else than letters and digits as "_". */
    static Map<String, String> identifiers(Collection<String> layers) {
        Map<String, String> names = new HashMap<>();
        Set<String> used = new HashSet<>(TAKEN);
        for (String layer : layers) {
            String wanted = layer.replaceAll("[^A-Za-z0-9_]", "_");
            if (wanted.isEmpty() || !Character.isLetter(wanted.charAt(0))) {
                wanted = "layer_" + wanted;
            }
            String free = wanted;
            for (int i = 1; !used.add(free); i++) {
                free = wanted + "_" + i;
            }
            names.put(layer, free);
        }
        return names;
    }

    static String text(String value) {
        StringBuilder out = new StringBuilder("\"");
        value.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        out.append(String.format("\\x%02x", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        return out.append('"').toString();
    }

    static String texts(List<String> values) {
        return values.stream().map(Python::text).collect(Collectors.joining(", ", "[", "]"));
    }

    /** The shortest decimal that reads back as the same float. */
    static String number(float value) {
        if (Float.isInfinite(value)) {
            return value > 0 ? "float(\"inf\")" : "float(\"-inf\")";
        }
        return Float.toString(value).replace('E', 'e');
    }

    static String numbers(float[] values) {
        StringBuilder out = new StringBuilder("[");
        for (int i = 0; i < values.length; i++) {
            out.append(i == 0 ? "" : ", ").append(number(values[i]));
        }
        return out.append(']').toString();
    }

    static String bool(boolean value) {
        return value ? "True" : "False";
    }

    /** One number where both are equal, else a tuple. */
    static String pair(int first, int second) {
        return first == second ? String.valueOf(first) : "(" + first + ", " + second + ")";
    }

    /** Text that may stand inside of a doc string. */
    static String docText(String value) {
        return value.replaceAll("[^\\x20-\\x7e]", "?").replace("\\", "/").replace("\"", "'");
    }
}
