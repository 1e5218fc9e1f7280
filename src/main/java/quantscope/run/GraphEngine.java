package quantscope.run;

import java.util.Objects;
import quantscope.graph.Graph;
import quantscope.kernel.Kernels;

/** Runs graphs with the kernels it is given. */
public final class GraphEngine implements Engine {

    private final Kernels kernels;

    public GraphEngine(Kernels kernels) {
        this.kernels = Objects.requireNonNull(kernels);
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
