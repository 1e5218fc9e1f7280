package quantscope.format;

import java.nio.file.Path;

/** A model file that cannot be read: what, where, what was expected, and what to do. */
public final class ModelFormatException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * @param file   the file
     * @param place  where in it: a node, an entry, an offset
     * @param detail what was found, what was expected, what to do
     */
    public ModelFormatException(Path file, String place, String detail) {
        super(file.getFileName() + ": " + (place.isEmpty() ? "" : place + ": ") + detail);
    }

    public ModelFormatException(Path file, String place, String detail, Throwable cause) {
        this(file, place, detail);
        initCause(cause);
    }
}
