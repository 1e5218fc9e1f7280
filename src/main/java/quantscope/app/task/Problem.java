package quantscope.app.task;

import java.util.Objects;

/**
 * Something to tell the user in a notification; mostly what went wrong.
 *
 * @param title   what the user wanted
 * @param message what, where and what to do
 */
public record Problem(String title, String message, Kind kind) {

    /** How bad it is. */
    public enum Kind {
        /** It went as wanted; there is something to know about it. */
        NOTICE,
        /** It did not work, and the message says what to do. */
        FAILURE,
        /** A bug of the program, whose stack trace went to the log. */
        BUG
    }

    public Problem {
        Objects.requireNonNull(kind);
    }

    /** @param expected false for a bug of the program */
    public Problem(String title, String message, boolean expected) {
        this(title, message, expected ? Kind.FAILURE : Kind.BUG);
    }

    public static Problem notice(String title, String message) {
        return new Problem(title, message, Kind.NOTICE);
    }

    public boolean expected() {
        return kind != Kind.BUG;
    }
}
