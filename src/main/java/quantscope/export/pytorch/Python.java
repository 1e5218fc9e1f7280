package quantscope.export.pytorch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Python's literals and identifiers. */
final class Python {

    /** Width of a line of the written file. */
    static final int WIDTH = 116;

    /** Keywords, and what an nn.Module or the written file calls by these names. */
    private static final Set<String> TAKEN = Set.of(("False None True and as assert async await break class continue def"
            + " del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try"
            + " while with yield self x torch nn np T_destination add_module apply bfloat16 buffers call_super_init"
            + " children compile cpu cuda double dump_patches eval extra_repr float forward get_buffer get_extra_state"
            + " get_parameter get_submodule half ipu load_state_dict modules mtia named_buffers named_children"
            + " named_modules named_parameters parameters qconfig register_backward_hook register_buffer"
            + " register_forward_hook register_forward_pre_hook register_full_backward_hook"
            + " register_full_backward_pre_hook register_load_state_dict_post_hook register_load_state_dict_pre_hook"
            + " register_module register_parameter register_state_dict_post_hook register_state_dict_pre_hook"
            + " requires_grad_ set_extra_state set_submodule share_memory state_dict to to_empty train training type xpu"
            + " zero_grad").split(" "));

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
        return list(values.stream().map(Python::text).toList(), 0);
    }

    /** A list on one line where it fits, else on lines of its own, one level deeper than the given indent. */
    static String list(List<String> literals, int indent) {
        String line = literals.stream().collect(Collectors.joining(", ", "[", "]"));
        if (line.length() + indent < WIDTH - 24) {
            return line;
        }
        String margin = "\n" + " ".repeat(indent + 4);
        return "[" + margin + wrap(String.join(", ", literals), WIDTH - indent - 4).replace("\n", margin) + "]";
    }

    /** Breaks text at spaces. */
    static String wrap(String text, int width) {
        StringBuilder out = new StringBuilder();
        int column = 0;
        for (String word : text.split(" ")) {
            if (column > 0 && column + 1 + word.length() > width) {
                out.append('\n');
                column = 0;
            }
            out.append(column == 0 ? "" : " ").append(word);
            column += (column == 0 ? 0 : 1) + word.length();
        }
        return out.toString();
    }

    /** The shortest decimal that reads back as the same float. */
    static String number(float value) {
        if (Float.isNaN(value)) {
            return "float(\"nan\")";
        }
        if (Float.isInfinite(value)) {
            return value > 0 ? "float(\"inf\")" : "float(\"-inf\")";
        }
        return Float.toString(value).replace('E', 'e');
    }

    static String numbers(float[] values, int indent) {
        List<String> literals = new ArrayList<>(values.length);
        for (float value : values) {
            literals.add(number(value));
        }
        return list(literals, indent);
    }

    /** A list of whole numbers; of equal ones as {@code [0] * 48}. */
    static String integers(int[] values, int indent) {
        if (values.length > 1 && Arrays.stream(values).allMatch(v -> v == values[0])) {
            return "[" + values[0] + "] * " + values.length;
        }
        return list(Arrays.stream(values).mapToObj(String::valueOf).toList(), indent);
    }

    /** One number where both are equal, else a tuple. */
    static String pair(int first, int second) {
        return first == second ? String.valueOf(first) : "(" + first + ", " + second + ")";
    }

    /** Text that may stand inside of a doc string. */
    static String docText(String value) {
        return value.replaceAll("[^\\x20-\\x7e]", "?").replace("\\", "/").replace("\"", "'");
    }

    /** A file's name without its ending. */
    static String stem(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
