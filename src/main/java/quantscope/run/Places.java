package quantscope.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.ValueType;
import quantscope.kernel.ImageQuantizer;
import quantscope.kernel.Kernel;
import quantscope.kernel.Scratch;

/**
 * Places a plan's values. What a fused chain reads lives until the chain's end: its last value is written while its first
 * is read. What its parts hand to one another lives as long as all of it.
 */
final class Places {

    /** Alive before the first step and behind the last one. */
    private static final int ALWAYS = -1;

    private final Graph graph;
    private final List<Node> nodes;
    /** Index of the node in whose memory a node's value lies. */
    private final Map<String, Integer> homes;
    private final List<Fusion.Chain> chains;
    private final int[] offsets;
    /** For each chain, for each part. */
    private final int[][] inside;

    Places(Graph graph, Map<String, Integer> homes, List<Fusion.Chain> chains) {
        this.graph = graph;
        this.nodes = graph.nodes();
        this.homes = homes;
        this.chains = chains;
        offsets = new int[nodes.size()];
        inside = chains.stream().map(chain -> new int[chain.parts().size()]).toArray(int[][]::new);
    }

    /** @param image makes the second node's value of the network's input */
    Plan plan(List<Optional<Kernel>> kernels, Optional<ImageQuantizer> image) {
        int floats = place(false);
        int bytes = place(true);
        List<Plan.Step> steps = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            steps.add(new Plan.Step(node, List.of(node.name()), kernels.get(i), Optional.empty(),
                    node.inputs().stream().map(this::of).toList(), of(node.name())));
        }
        List<Plan.Group> groups = new ArrayList<>();
        for (int c = 0; c < chains.size(); c++) {
            groups.add(group(chains.get(c), inside[c]));
        }
        image.ifPresent(both -> groups.add(new Plan.Group(0, 1, List.of(new Plan.Step(nodes.get(1),
                List.of(nodes.get(0).name(), nodes.get(1).name()), Optional.empty(), image, List.of(), steps.get(1).output())))));
        groups.sort(Comparator.comparingInt((Plan.Group g) -> -g.last()));
        Scratch scratch = Scratch.NONE;
        for (Optional<Kernel> kernel : kernels) {
            scratch = kernel.map(Kernel::scratch).orElse(Scratch.NONE).max(scratch);
        }
        for (Fusion.Chain chain : chains) {
            for (Fusion.Part part : chain.parts()) {
                scratch = part.kernel().scratch().max(scratch);
            }
        }
        return new Plan(List.copyOf(steps), List.copyOf(groups), floats, bytes, scratch);
    }

    private Plan.Group group(Fusion.Chain chain, int[] between) {
        List<Plan.Step> steps = new ArrayList<>();
        Plan.Place from = of(nodes.get(chain.first()).inputs().getFirst());
        for (int p = 0; p < between.length; p++) {
            Fusion.Part part = chain.parts().get(p);
            Node last = nodes.get(Collections.max(part.nodes()));
            Plan.Place to = part.inside().isPresent() ? new Plan.Place(true, between[p]) : of(last.name());
            steps.add(new Plan.Step(last, part.nodes().stream().map(i -> nodes.get(i).name()).toList(),
                    Optional.of(part.kernel()), Optional.empty(), List.of(from), to));
            from = to;
        }
        return new Plan.Group(chain.first(), chain.last(), List.copyOf(steps));
    }

    private Plan.Place of(String name) {
        return new Plan.Place(graph.node(name).type() instanceof ValueType.Int8, offsets[homes.get(name)]);
    }

    /** Places the values of one array and says how many elements they need. */
    private int place(boolean bytes) {
        int[] last = last();
        List<MemoryPlan.Lifetime> lifetimes = new ArrayList<>();
        List<IntConsumer> found = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            if (homes.get(node.name()) == i && node.type() instanceof ValueType.Int8 == bytes) {
                boolean constant = node.op() instanceof Op.Constant;
                boolean given = constant || node.op() instanceof Op.Input;
                lifetimes.add(new MemoryPlan.Lifetime(node.requireShape().size(), given ? ALWAYS : i,
                        constant ? nodes.size() : last[i]));
                int value = i;
                found.add(at -> offsets[value] = at);
            }
        }
        for (int c = 0; bytes && c < inside.length; c++) {
            Fusion.Chain chain = chains.get(c);
            for (int p = 0; p < inside[c].length; p++) {
                if (chain.parts().get(p).inside().isPresent()) {
                    lifetimes.add(new MemoryPlan.Lifetime(chain.parts().get(p).inside().get(), chain.first(), chain.last()));
                    int[] places = inside[c];
                    int part = p;
                    found.add(at -> places[part] = at);
                }
            }
        }
        MemoryPlan plan = MemoryPlan.of(lifetimes);
        for (int k = 0; k < found.size(); k++) {
            found.get(k).accept(plan.offsets()[k]);
        }
        return plan.size();
    }

    /** The last step that reads a node's memory. */
    private int[] last() {
        int[] last = new int[nodes.size()];
        for (int i = 0; i < nodes.size(); i++) {
            last[homes.get(nodes.get(i).name())] = i;
            for (String input : nodes.get(i).inputs()) {
                last[homes.get(input)] = i;
            }
        }
        for (Fusion.Chain chain : chains) {
            int input = homes.get(nodes.get(chain.first()).inputs().getFirst());
            last[input] = Math.max(last[input], chain.last());
        }
        for (String output : graph.outputs()) {
            last[homes.get(output)] = nodes.size();
        }
        return last;
    }
}
