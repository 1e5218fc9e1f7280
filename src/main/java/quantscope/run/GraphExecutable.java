package quantscope.run;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import quantscope.graph.Graph;
import quantscope.kernel.Team;

/** A planned graph with packed weights. */
final class GraphExecutable implements Executable {

    private final Graph graph;
    private final Plan plan;

    GraphExecutable(Graph graph, Plan plan) {
        this.graph = graph;
        this.plan = plan;
    }

    @Override
    public Graph graph() {
        return graph;
    }

    @Override
    public Worker newWorker(int images, Team team) {
        return new GraphWorker(graph, plan, images, team);
    }

    @Override
    public boolean gainsFromImages() {
        return plan.steps().stream().anyMatch(Plan.Step::together);
    }

    @Override
    public Map<String, String> ways() {
        Map<String, String> ways = new LinkedHashMap<>();
        plan.steps().forEach(step -> step.kernel().ifPresent(kernel -> ways.put(step.node().name(), kernel.way())));
        return Collections.unmodifiableMap(ways);
    }

    @Override
    public long activationBytes() {
        return 4L * plan.floats() + plan.bytes() + 4L * plan.scratch().floats() + 4L * plan.scratch().ints()
                + 8L * plan.scratch().longs();
    }
}
