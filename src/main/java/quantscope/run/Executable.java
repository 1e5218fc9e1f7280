package quantscope.run;

import quantscope.graph.Graph;

/** A graph made ready to run: packed weights shared by all workers. Safe for use from many threads. */
public interface Executable {

    Graph graph();

    /** Memory for one image's activations; a worker serves one thread at a time. */
    Worker newWorker();

    /** Bytes of activation memory that a worker holds, as planned. */
    long activationBytes();
}
