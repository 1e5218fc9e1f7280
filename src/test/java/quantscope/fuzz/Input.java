package quantscope.fuzz;

import java.util.Map;

/**
 * What is opened.
 *
 * @param bytes  the file
 * @param beside files in its folder, by name
 */
public record Input(byte[] bytes, Map<String, byte[]> beside) {

    public Input {
        beside = Map.copyOf(beside);
    }

    static Input of(byte[] bytes) {
        return new Input(bytes, Map.of());
    }

    /** Bytes of all files. */
    long size() {
        return bytes.length + beside.values().stream().mapToLong(b -> b.length).sum();
    }
}
