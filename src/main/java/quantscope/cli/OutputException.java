package quantscope.cli;

import java.io.IOException;

/** A result that cannot be written; the message names the file and what to do. */
final class OutputException extends IOException {

    private static final long serialVersionUID = 1L;

    OutputException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
