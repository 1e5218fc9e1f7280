package quantscope.format.architecture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import quantscope.format.state.StateDict;
import quantscope.tensor.Shape;

/**
 * How the names and shapes of a state dict fit an architecture. Widths are taken from the file: a layer's input channels
 * are the output channels of what it reads.
 */
final class Fit {

    private static final int SHOWN = 3;
    private static final int UNKNOWN = -1;

    private final Architecture architecture;
    private final Map<String, Shape> shapes;
    private final Set<String> wanted = new HashSet<>();
    private final List<String> missing = new ArrayList<>();
    private final List<String> mismatched = new ArrayList<>();
    private final List<String> unexpected = new ArrayList<>();
    private final Map<String, Integer> channels = new HashMap<>();
    private boolean otherWidths;

    Fit(Architecture architecture, Map<String, Shape> shapes) {
        this.architecture = architecture;
        this.shapes = shapes;
        architecture.layers().forEach(layer -> channels.put(layer.name(), check(layer)));
        shapes.keySet().stream().filter(name -> !wanted.contains(name)).forEach(unexpected::add);
    }

    Architecture architecture() {
        return architecture;
    }

    boolean perfect() {
        return faults() == 0;
    }

    /** Names that are missing, unexpected or of another shape. */
    int faults() {
        return missing.size() + mismatched.size() + unexpected.size();
    }

    /** Whether any name of the file is one of the architecture's. */
    boolean sharesNames() {
        return unexpected.size() < shapes.size();
    }

    /** Whether the file's layers are as wide as the original's. */
    boolean originalWidths() {
        return !otherWidths;
    }

    /** What does not fit, in PyTorch's words. */
    String differences() {
        List<String> parts = new ArrayList<>();
        add(parts, "missing keys", missing);
        add(parts, "unexpected keys", unexpected);
        add(parts, "size mismatch", mismatched);
        return String.join("; ", parts);
    }

    private static void add(List<String> parts, String what, List<String> names) {
        if (!names.isEmpty()) {
            parts.add(what + ": " + StateDict.some(names, SHOWN));
        }
    }

    /** Checks a layer's tensors; gives the channels or features of its value. */
    private int check(Layer layer) {
        int in = channels.getOrDefault(layer.inputs().getFirst(), UNKNOWN);
        return switch (layer.part()) {
            case Part.Conv c -> conv(layer.module(), c, in);
            case Part.Linear l -> linear(layer.module(), l, in);
            case Part.BatchNorm _ -> {
                for (String name : List.of("weight", "bias", "running_mean", "running_var")) {
                    vector(layer.module() + "." + name, in);
                }
                wanted.add(layer.module() + ".num_batches_tracked");
                yield in;
            }
            case Part.Flatten f -> in == UNKNOWN ? UNKNOWN : (int) Math.min((long) in * f.side() * f.side(), Integer.MAX_VALUE);
            case Part.Add _ -> {
                int other = channels.getOrDefault(layer.inputs().get(1), UNKNOWN);
                if (in != other && in != UNKNOWN && other != UNKNOWN) {
                    mismatched.add(layer.name() + " would add " + in + " channels to " + other);
                }
                yield in;
            }
            case Part.Relu _, Part.MaxPool _, Part.AvgPool _, Part.Dropout _, Part.Sign _ -> in;
        };
    }

    private int conv(String path, Part.Conv c, int in) {
        Shape shape = take(path + ".weight");
        int width = shape != null && shape.rank() == 4 ? shape.dim(0) : UNKNOWN;
        if (shape != null) {
            boolean fits = width > 0 && shape.dim(1) > 0 && shape.dim(2) == c.kernel() && shape.dim(3) == c.kernel()
                    && (in == UNKNOWN || in == shape.dim(1)
                    || c.grouped() && in % shape.dim(1) == 0 && width % (in / shape.dim(1)) == 0);
            if (!fits) {
                Object channels = in == UNKNOWN ? "C" : in;
                mismatch(path + ".weight", shape, "[" + (width > 0 ? width : c.width()) + "," + channels + "," + c.kernel()
                        + "," + c.kernel() + "]");
            }
            otherWidths |= width != c.width();
        }
        if (c.bias()) {
            vector(path + ".bias", width);
        }
        return width;
    }

    private int linear(String path, Part.Linear l, int in) {
        Shape shape = take(path + ".weight");
        int width = shape != null && shape.rank() == 2 ? shape.dim(0) : UNKNOWN;
        if (shape != null) {
            if (width < 1 || in != UNKNOWN && in != shape.dim(1)) {
                mismatch(path + ".weight", shape,
                        "[" + (width > 0 ? width : "N") + "," + (in == UNKNOWN ? "F" : in) + "]");
            }
            otherWidths |= l.width() != 0 && width != l.width();
        }
        vector(path + ".bias", width);
        return width;
    }

    private void vector(String name, int length) {
        Shape shape = take(name);
        if (shape != null && length != UNKNOWN && !shape.equals(Shape.of(length))) {
            mismatch(name, shape, Arrays.toString(new int[] {length}));
        }
    }

    private void mismatch(String name, Shape found, String expected) {
        mismatched.add(name + " is " + found + ", expected " + expected);
    }

    /** The shape of a wanted tensor; null, and noted, where it is missing. */
    private Shape take(String name) {
        wanted.add(name);
        Shape shape = shapes.get(name);
        if (shape == null) {
            missing.add(name);
        }
        return shape;
    }
}
