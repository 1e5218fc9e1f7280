package quantscope.run;

import quantscope.graph.Graph;
import quantscope.kernel.Kernels;

/** Runs graphs with the kernels it is given; a layer that several graphs have is packed once. */
public final class GraphEngine implements Engine {

    /** Of the heap's limit: kernels that are kept for the next graph. */
    private static final int SHARE = 4;

    private final Kernels kernels;

    public GraphEngine(Kernels kernels) {
        this(kernels, Runtime.getRuntime().maxMemory() / SHARE);
    }

    /** @param keptBytes of packed layers that are kept for the next graph when no executable has them any more */
    GraphEngine(Kernels kernels, long keptBytes) {
        this.kernels = new KernelCache(kernels, keptBytes);
    }

    @Override
    public Executable compile(Graph graph) {
        return new GraphExecutable(graph, Plan.of(graph, kernels));
    }

    @Override
    public String description() {
        return kernels.description();
    }
}
