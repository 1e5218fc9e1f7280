package quantscope.session;

import java.io.IOException;

/** What an exported model should be run in is not here; the message says how to get it. */
public final class RuntimeMissingException extends IOException {

    public RuntimeMissingException(String message) {
        super(message);
    }
}
