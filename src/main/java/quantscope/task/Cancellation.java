package quantscope.task;

import java.util.concurrent.CancellationException;

/** Lets a caller call a long call off. Long calls look at it for each image and each node. */
@FunctionalInterface
public interface Cancellation {

    /** Never called off. */
    Cancellation NEVER = () -> false;

    /** Whether the caller no longer wants the result. Safe from any thread. */
    boolean requested();

    /** @throws CancellationException when the caller no longer wants the result */
    default void check() {
        if (requested()) {
            throw new CancellationException("cancelled");
        }
    }
}
