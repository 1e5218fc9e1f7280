package quantscope.format;

import java.nio.file.Path;
import quantscope.task.Legible;

/** A model file that cannot be read: what, where, what was expected, and what to do. */
public final class ModelFormatException extends Exception {

    private static final long serialVersionUID = 1L;
    private static final int LONGEST_PLACE = 300;
    private static final int LONGEST_DETAIL = 800;

    /**
     * @param file   the file
     * @param place  where in it: a node, an entry, an offset
     * @param detail what was found, what was expected, what to do; parts of it may come from the file
     */
    public ModelFormatException(Path file, String place, String detail) {
        super(Legible.line(String.valueOf(file.getFileName()), LONGEST_PLACE) + ": "
                + (place.isEmpty() ? "" : Legible.line(place, LONGEST_PLACE) + ": ") + Legible.line(detail, LONGEST_DETAIL));
    }

    public ModelFormatException(Path file, String place, String detail, Throwable cause) {
        this(file, place, detail);
        initCause(cause);
    }
}
