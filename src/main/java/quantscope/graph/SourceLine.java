package quantscope.graph;

/**
 * Where in the user's own Python an operation stands.
 *
 * @param file     as the model file names it
 * @param line     1-based
 * @param function the enclosing function, for example {@code forward}
 * @param text     the line itself, trimmed; may be empty where the file has only the position
 */
public record SourceLine(String file, int line, String function, String text) {

    /** For example {@code models.py:42, in forward: x = self.relu(x)}. */
    @Override
    public String toString() {
        return file + ":" + line + ", in " + function + (text.isEmpty() ? "" : ": " + text);
    }
}
