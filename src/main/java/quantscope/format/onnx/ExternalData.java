package quantscope.format.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import quantscope.format.FileStamp;
import quantscope.format.ModelFormatException;

/** Finds the files beside a model that hold its weights; nothing outside of the model's folder is ever opened. */
final class ExternalData {

    /** Tensors may share what they hold, but not all of them. */
    private static final long MOST_GROWTH = 8;

    private final Path model;
    private long taken;
    private final SortedMap<Path, FileStamp> used = new TreeMap<>();

    ExternalData(Path model) {
        this.model = model;
    }

    /** A stretch of a file. */
    record Stretch(Path file, Wire.Span span) { }

    /**
     * @param tensor for messages
     * @param keys   location, offset (default 0), length (default: the tensor's size)
     * @param bytes  that the tensor needs
     * @throws ModelFormatException when the file is not in the model's folder or is too short
     */
    Stretch find(String tensor, Map<String, String> keys, long bytes) throws ModelFormatException, IOException {
        String location = keys.getOrDefault("location", "");
        Path file = resolve(tensor, location);
        long offset = number(tensor, "offset", keys.getOrDefault("offset", "0"));
        long length = number(tensor, "length", keys.getOrDefault("length", Long.toString(bytes)));
        if (length != bytes) {
            throw error(tensor, "external data of " + length + " bytes, expected " + bytes
                    + " for its shape and type; export the model again");
        }
        long size = stamp(file).size();
        if (offset > size || length > size - offset) {
            throw error(tensor, "its data end at byte " + offset + " + " + length + " of " + location
                    + ", which has only " + size + "; the file is cut off or belongs to another model");
        }
        taken += length;
        long held = used.values().stream().mapToLong(FileStamp::size).sum();
        if (taken > MOST_GROWTH * held) {
            throw error(tensor, "the external data so far are " + taken + " bytes, but their files hold only " + held
                    + ": many tensors lie at one place; export the model again");
        }
        return new Stretch(file, new Wire.Span(offset, length));
    }

    private FileStamp stamp(Path file) throws IOException {
        FileStamp stamp = used.get(file);
        if (stamp == null) {
            stamp = FileStamp.of(file);
            used.put(file, stamp);
        }
        return stamp;
    }

    /** The files used so far, in order of their paths. */
    SortedSet<Path> used() {
        return new TreeSet<>(used.keySet());
    }

    /** @throws ModelFormatException when one of the files used was written to since */
    void requireCurrent() throws ModelFormatException {
        for (FileStamp stamp : used.values()) {
            stamp.requireCurrent();
        }
    }

    private Path resolve(String tensor, String location) throws ModelFormatException, IOException {
        Path relative;
        try {
            relative = Path.of(location);
        } catch (InvalidPathException e) {
            throw error(tensor, "external data location \"" + location + "\" is no path", e);
        }
        boolean climbs = location.contains("\\") || location.contains(":");
        for (Path part : relative) {
            climbs |= part.toString().equals("..");
        }
        if (location.isEmpty() || relative.isAbsolute() || climbs) {
            throw error(tensor, "external data location \"" + location + "\", expected a file in the model's folder;"
                    + " put the data beside the model and export it again");
        }
        Path folder = model.toAbsolutePath().getParent().toRealPath();
        Path file = folder.resolve(relative);
        if (!Files.exists(file)) {
            throw error(tensor, "its data lie in \"" + location + "\", which is not in " + folder
                    + "; copy that file beside the model");
        }
        Path real = file.toRealPath();
        if (!real.startsWith(folder) || !Files.isRegularFile(real)) {
            throw error(tensor, "external data location \"" + location
                    + "\" leads out of the model's folder, expected a file in it");
        }
        return real;
    }

    private long number(String tensor, String key, String text) throws ModelFormatException {
        try {
            long value = Long.parseLong(text);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw error(tensor, "external data " + key + " is \"" + text + "\", expected a number of bytes", e);
        }
        throw error(tensor, "external data " + key + " is " + text + ", expected a number of bytes");
    }

    private ModelFormatException error(String tensor, String detail) {
        return new ModelFormatException(model, tensor, detail);
    }

    private ModelFormatException error(String tensor, String detail, Exception cause) {
        return new ModelFormatException(model, tensor, detail, cause);
    }
}
