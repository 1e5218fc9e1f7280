package quantscope.format.pt2;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Names layers as the user does: by module path where a module is one operation, or has one convolution or linear
 * layer that it exists for; otherwise by path and operation ("block1.add").
 */
final class LayerNames {

    private static final Set<String> MAIN = Set.of("aten.conv2d", "aten.convolution", "aten.linear", "aten.addmm", "aten.mm",
            "aten.matmul");

    private final Map<String, Integer> operations = new HashMap<>();
    private final Map<String, Integer> mains = new HashMap<>();

    /** Counts an operation on activations; all are counted before the first is named. */
    void count(Place place, String operator) {
        operations.merge(place.modulePath(), 1, Integer::sum);
        if (MAIN.contains(operator)) {
            mains.merge(place.modulePath(), 1, Integer::sum);
        }
    }

    /** The wanted name; the graph's builder makes it unique. */
    String name(Place place, String operator) {
        String path = place.modulePath();
        String plain = plain(operator);
        if (path.isEmpty()) {
            return plain;
        }
        boolean only = operations.getOrDefault(path, 0) == 1 && !hasParts(place.module().path());
        boolean main = MAIN.contains(operator) && mains.getOrDefault(path, 0) == 1;
        return only || main ? path : path + "." + plain;
    }

    /** Whether modules inside of this one have operations of their own. */
    private boolean hasParts(String path) {
        return operations.keySet().stream().anyMatch(other -> other.startsWith(path + "."));
    }

    private static String plain(String operator) {
        String name = operator.substring(operator.lastIndexOf('.') + 1);
        return name.endsWith("_") ? name.substring(0, name.length() - 1) : name;
    }
}
