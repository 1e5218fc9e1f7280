package quantscope.dataset;

import java.nio.file.Path;
import java.util.Objects;

/** One image that cannot be used: broken, of another kind than expected, or too large. Others are not concerned. */
public final class UnreadableImageException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final String reason;

    /** @param reason for the user, without the file's name */
    public UnreadableImageException(Path file, String reason) {
        this(file, reason, null);
    }

    /** @param cause what the reader said, for the log */
    public UnreadableImageException(Path file, String reason, Exception cause) {
        super(file + ": " + reason, cause);
        this.file = Objects.requireNonNull(file);
        this.reason = Objects.requireNonNull(reason);
    }

    public Path file() {
        return file;
    }

    public String reason() {
        return reason;
    }
}
