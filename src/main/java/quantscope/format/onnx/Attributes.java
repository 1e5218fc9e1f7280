package quantscope.format.onnx;

import java.util.Map;
import java.util.Optional;
import quantscope.format.fold.FoldException;
import quantscope.format.onnx.OnnxFile.AttributePart;
import quantscope.format.onnx.OnnxFile.NodePart;

/** A node's attributes with their defaults. Integers are held to a sensible range, so that sums do not overflow. */
record Attributes(Map<String, AttributePart> parts) {

    /** Strides, pads, kernels and axes beyond this are damage. */
    private static final long LARGEST = 1 << 20;

    static Attributes of(NodePart node) {
        return new Attributes(node.attributes());
    }

    boolean has(String name) {
        return parts.containsKey(name);
    }

    Optional<AttributePart> find(String name) {
        return Optional.ofNullable(parts.get(name));
    }

    int integer(String name, int otherwise) {
        return has(name) ? small(name, parts.get(name).integer()) : otherwise;
    }

    float number(String name, float otherwise) {
        return has(name) ? parts.get(name).number() : otherwise;
    }

    String text(String name, String otherwise) {
        return has(name) ? parts.get(name).text() : otherwise;
    }

    /** Integers of any size, for shapes and slices. */
    long[] integers(String name, long... otherwise) {
        return has(name) ? parts.get(name).integers().stream().mapToLong(Long::longValue).toArray() : otherwise;
    }

    /**
     * One integer for each entry of the default.
     *
     * @param least the smallest allowed
     */
    int[] perAxis(String name, int least, int... otherwise) {
        if (!has(name)) {
            return otherwise;
        }
        long[] values = integers(name);
        if (values.length != otherwise.length) {
            throw new FoldException(name + " has " + values.length + " entries, expected " + otherwise.length);
        }
        int[] checked = new int[values.length];
        for (int i = 0; i < checked.length; i++) {
            checked[i] = small(name, values[i]);
            if (checked[i] < least) {
                throw new FoldException(name + " has the entry " + values[i] + ", expected at least " + least);
            }
        }
        return checked;
    }

    private static int small(String name, long value) {
        if (Math.abs(value) > LARGEST || value == Long.MIN_VALUE) {
            throw new FoldException(name + " is " + value + ", expected at most " + LARGEST);
        }
        return (int) value;
    }
}
