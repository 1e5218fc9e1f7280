package quantscope.run;

import quantscope.graph.Graph;

/** Turns graphs into something that runs. The only thing the rest of the program knows of the kernels. */
public interface Engine {

    /**
     * Packs the weights and plans the memory.
     *
     * @throws UnsupportedOperatorException when the graph has an operator that cannot run
     */
    Executable compile(Graph graph);

    /** What computes, for the status bar and reports: "Vector API, 512 bit". */
    String description();
}
