package quantscope.app.task;

import quantscope.task.Cancellation;
import quantscope.task.Progress;

/** What a task does, away from the window's thread. It touches no scene and no property. */
@FunctionalInterface
public interface Work<T> {

    /**
     * @throws java.util.concurrent.CancellationException when called off
     * @throws Exception with a message for the user
     */
    T run(Progress progress, Cancellation cancellation) throws Exception;
}
