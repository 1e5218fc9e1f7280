package quantscope.run;

import java.util.Map;
import quantscope.graph.Graph;
import quantscope.kernel.Team;

/** A graph made ready to run: packed weights shared by all workers. Safe for use from many threads. */
public interface Executable {

    Graph graph();

    /**
     * Memory for the activations of some images; a worker serves one thread at a time.
     *
     * @param team shares the work; results do not depend on it
     */
    Worker newWorker(int images, Team team);

    /** For the caller's thread alone. */
    default Worker newWorker(int images) {
        return newWorker(images, Team.ALONE);
    }

    /** For one image. */
    default Worker newWorker() {
        return newWorker(1);
    }

    /** Whether several images at a time are faster than one after the other. */
    boolean gainsFromImages();

    /** What multiplies, or how else a node is computed, by the node's name: {@link quantscope.kernel.Kernel#way}. */
    Map<String, String> ways();

    /** Bytes of activation memory that a worker for one image holds, as planned. */
    long activationBytes();
}
