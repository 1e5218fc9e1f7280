package quantscope.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.ValueType;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.LevelBound;
import quantscope.kernel.Scratch;

/**
 * A graph as steps over two arrays, one of floats and one of bytes.
 *
 * @param steps   in running order, one for each node
 * @param floats  elements of the fp32 array for each image
 * @param bytes   elements of the int8 array for each image
 * @param scratch enough for every kernel
 */
record Plan(List<Step> steps, int floats, int bytes, Scratch scratch) {

    /**
     * One node.
     *
     * @param kernel empty where the value lies in its input's memory or is put there before the steps run
     * @param inputs where the inputs begin, of the first image
     * @param output where the value begins
     */
    record Step(Node node, Optional<Kernel> kernel, List<ValueType> inputTypes, int[] inputs, int output) {

        /** Whether several images at a time are faster. */
        boolean together() {
            return kernel.filter(k -> k.gainsFromRows() && inputs.length == 1).isPresent();
        }
    }

    /** Alive before the first step and behind the last one. */
    private static final int ALWAYS = -1;

    /** @throws UnsupportedOperatorException when the graph has an operator that cannot run */
    static Plan of(Graph graph, Kernels kernels) {
        List<Node> nodes = graph.nodes();
        Map<String, Integer> homes = new HashMap<>();
        List<Optional<Kernel>> packed = new ArrayList<>();
        MemoryFormats formats = new MemoryFormats();
        Map<String, Integer> levels = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            List<Node> in = node.inputs().stream().map(graph::node).toList();
            int[] bounds = node.inputs().stream().mapToInt(levels::get).toArray();
            Optional<KernelSpec> spec = Lowering.lower(node, in, formats.areChannelsLast(in))
                    .map(s -> bounds.length == 1 ? LevelBound.bounded(s, bounds[0]) : s);
            levels.put(node.name(), spec.map(s -> LevelBound.of(s, bounds))
                    .orElse(bounds.length == 0 ? LevelBound.NONE : bounds[0]));
            Optional<Kernel> kernel = spec.map(kernels::pack);
            formats.note(node, in);
            packed.add(kernel);
            boolean alias = kernel.isEmpty() && !in.isEmpty();
            homes.put(node.name(), alias ? homes.get(node.inputs().getFirst()) : i);
        }
        int[] offsets = new int[nodes.size()];
        int floats = place(graph, homes, offsets, false);
        int bytes = place(graph, homes, offsets, true);
        List<Step> steps = new ArrayList<>();
        Scratch scratch = Scratch.NONE;
        for (int i = 0; i < nodes.size(); i++) {
            int[] inputs = nodes.get(i).inputs().stream().mapToInt(name -> offsets[homes.get(name)]).toArray();
            List<ValueType> types = nodes.get(i).inputs().stream().map(name -> graph.node(name).type()).toList();
            steps.add(new Step(nodes.get(i), packed.get(i), types, inputs, offsets[homes.get(nodes.get(i).name())]));
            scratch = packed.get(i).map(Kernel::scratch).orElse(Scratch.NONE).max(scratch);
        }
        return new Plan(List.copyOf(steps), floats, bytes, scratch);
    }

    /** Places the values of one type and says how many elements they need. */
    private static int place(Graph graph, Map<String, Integer> homes, int[] offsets, boolean int8) {
        List<Node> nodes = graph.nodes();
        int[] last = new int[nodes.size()];
        for (int i = 0; i < nodes.size(); i++) {
            last[homes.get(nodes.get(i).name())] = i;
            for (String input : nodes.get(i).inputs()) {
                last[homes.get(input)] = i;
            }
        }
        for (String output : graph.outputs()) {
            last[homes.get(output)] = nodes.size();
        }
        List<Integer> values = new ArrayList<>();
        List<MemoryPlan.Lifetime> lifetimes = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            if (homes.get(node.name()) == i && node.type() instanceof ValueType.Int8 == int8) {
                boolean constant = node.op() instanceof Op.Constant;
                boolean given = constant || node.op() instanceof Op.Input;
                values.add(i);
                lifetimes.add(new MemoryPlan.Lifetime(node.requireShape().size(), given ? ALWAYS : i,
                        constant ? nodes.size() : last[i]));
            }
        }
        MemoryPlan plan = MemoryPlan.of(lifetimes);
        for (int k = 0; k < values.size(); k++) {
            offsets[values.get(k)] = plan.offsets()[k];
        }
        return plan.size();
    }
}
