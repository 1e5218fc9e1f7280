package quantscope.app.memory;

import java.io.IOException;
import java.util.function.Consumer;

/** Keeps what is remembered. */
public interface Memory {

    /** What was kept last; {@link Remembered#NOTHING} at the first start or when it cannot be read. */
    default Remembered recall() {
        return recall(_ -> { });
    }

    /** @param trouble is told, in words for the user, why what was kept cannot be read */
    Remembered recall(Consumer<String> trouble);

    /** @throws IOException when it cannot be kept; what was kept before stays */
    void keep(Remembered remembered) throws IOException;
}
