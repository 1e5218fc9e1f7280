package quantscope.app.memory;

import java.io.IOException;

/** Keeps what is remembered. */
public interface Memory {

    /** What was kept last; {@link Remembered#NOTHING} at the first start or when it cannot be read. */
    Remembered recall();

    /** @throws IOException when it cannot be kept; what was kept before stays */
    void keep(Remembered remembered) throws IOException;
}
