package quantscope.format.state;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipException;
import quantscope.format.ModelFormatException;
import quantscope.format.WeightCheck;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** The tensors of a model file by name, in the file's order. Each is read when it is asked for. */
public final class StateDict {

    /** An element of one byte becomes one of four. */
    private static final int MOST_GROWTH = 4;
    private static final long SLACK = 1 << 20;

    private final Path file;
    private final Map<String, StoredTensor> tensors;
    private final long most;
    /** Tensors that have several names; the first time they are read, they are kept for the others. */
    private final Set<StoredTensor> shared = new HashSet<>();
    private final Map<StoredTensor, FloatTensor> read = new HashMap<>();
    private long taken;

    /**
     * @param held bytes that the file holds for tensors; together they become no more than four times as many, and a
     *             mebibyte for small files that share one storage a lot
     */
    public StateDict(Path file, Map<String, StoredTensor> tensors, long held) {
        this.file = file;
        this.tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        Set<StoredTensor> seen = new HashSet<>();
        tensors.values().stream().filter(tensor -> !seen.add(tensor)).forEach(shared::add);
        this.most = Math.min(held, Long.MAX_VALUE / 8) * MOST_GROWTH + SLACK;
    }

    public Path file() {
        return file;
    }

    public Set<String> names() {
        return tensors.keySet();
    }

    public Optional<Shape> shape(String name) {
        return Optional.ofNullable(tensors.get(name)).map(StoredTensor::shape);
    }

    /** The same tensors under other names. */
    public StateDict renamed(Map<String, StoredTensor> renamed) {
        return new StateDict(file, renamed, (most - SLACK) / MOST_GROWTH);
    }

    public Map<String, StoredTensor> tensors() {
        return tensors;
    }

    /**
     * Reads a tensor as fp32. Names that share a view share its array.
     *
     * @throws ModelFormatException when it holds NaN or infinities, when the data end early, or when views of shared
     *                              storages claim far more than the file holds
     */
    public FloatTensor load(String name) throws ModelFormatException, IOException {
        StoredTensor stored = tensors.get(name);
        if (stored == null) {
            throw new IllegalArgumentException("no tensor named " + name);
        }
        FloatTensor known = read.get(stored);
        if (known != null) {
            return known;
        }
        taken += Float.BYTES * stored.shape().elements();
        if (taken > most) {
            throw new ModelFormatException(file, name, "the tensors so far take " + taken + " bytes, expected at most "
                    + most + ": they repeat a few stored elements many times; save contiguous tensors");
        }
        try {
            FloatTensor tensor = stored.load();
            WeightCheck.requireFinite(file, name, tensor);
            if (shared.contains(stored)) {
                read.put(stored, tensor);
            }
            return tensor;
        } catch (EOFException | ZipException e) {
            throw new ModelFormatException(file, name, "is cut off or damaged (" + e.getMessage()
                    + "); copy or save the file again", e);
        }
    }

    /** Some names, for messages: the first few, and how many more. */
    public static String some(List<String> names, int shown) {
        String first = String.join(", ", names.subList(0, Math.min(shown, names.size())));
        return names.size() <= shown ? first : first + " and " + (names.size() - shown) + " more";
    }
}
