package quantscope.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.kernel.ImageQuantizer;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.LevelBound;
import quantscope.kernel.Scratch;

/**
 * A graph as steps over two arrays, one of floats and one of bytes.
 *
 * @param steps   in running order, one for each node
 * @param groups  steps that may run instead of some of these, those of a node with the most first
 * @param floats  elements of the fp32 array for each image
 * @param bytes   elements of the int8 array for each image
 * @param scratch enough for every kernel
 */
record Plan(List<Step> steps, List<Group> groups, int floats, int bytes, Scratch scratch) {

    /**
     * One node, or some neighbours that one kernel computes.
     *
     * @param node   whose value it writes; the last one, where that is no node's value
     * @param names  of all its nodes, that with weights first, or the network's input
     * @param kernel empty where the value lies in its input's memory, is put there before the steps run, or is made of the image
     * @param image  what makes the value of the network's input, plane by plane
     * @param inputs where the inputs begin, of the first image
     * @param output where the value begins
     */
    record Step(Node node, List<String> names, Optional<Kernel> kernel, Optional<ImageQuantizer> image,
                List<Place> inputs, Place output) {

        /** Whether several images at a time are faster. */
        boolean together() {
            return kernel.filter(k -> k.gainsFromRows() && inputs.size() == 1).isPresent();
        }
    }

    /** Where a value begins, in the bytes or in the floats. */
    record Place(boolean bytes, int at) { }

    /**
     * Steps that make the last node's value of the first one's input, or of the image where the first is the network's input, and
     * none of the values in between.
     */
    record Group(int first, int last, List<Step> steps) { }

    /** The steps for some images: fused where no tap wants a value that is left out then. */
    List<Step> steps(List<? extends Tap> taps) {
        List<Step> run = new ArrayList<>();
        for (int i = 0; i < steps.size();) {
            int from = i;
            Optional<Group> group = groups.stream().filter(g -> g.first() == from && unwanted(g, taps)).findFirst();
            run.addAll(group.map(Group::steps).orElse(List.of(steps.get(i))));
            i = group.map(g -> g.last() + 1).orElse(i + 1);
        }
        return run;
    }

    private boolean unwanted(Group group, List<? extends Tap> taps) {
        return IntStream.range(group.first(), group.last()).mapToObj(i -> steps.get(i).node().name())
                .noneMatch(name -> taps.stream().anyMatch(tap -> tap.wants(name)));
    }

    /** @throws UnsupportedOperatorException when the graph has an operator that cannot run */
    static Plan of(Graph graph, Kernels kernels) {
        List<Node> nodes = graph.nodes();
        Map<String, Integer> homes = new HashMap<>();
        List<Optional<KernelSpec>> specs = new ArrayList<>();
        List<Optional<Kernel>> packed = new ArrayList<>();
        MemoryFormats formats = new MemoryFormats();
        Map<String, Integer> levels = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            List<Node> in = node.inputs().stream().map(graph::node).toList();
            int[] bounds = node.inputs().stream().mapToInt(levels::get).toArray();
            Optional<KernelSpec> spec = Lowering.lower(node, in, formats.areChannelsLast(in), graph.profile())
                    .map(s -> bounds.length == 1 ? LevelBound.bounded(s, bounds[0]) : s);
            levels.put(node.name(), spec.map(s -> LevelBound.of(s, bounds))
                    .orElse(bounds.length == 0 ? LevelBound.NONE : bounds[0]));
            Optional<Kernel> kernel = spec.map(kernels::pack);
            formats.note(node, in);
            specs.add(spec);
            packed.add(kernel);
            boolean alias = kernel.isEmpty() && !in.isEmpty();
            homes.put(node.name(), alias ? homes.get(node.inputs().getFirst()) : i);
        }
        Fusion fusion = new Fusion(graph, specs, packed, kernels);
        return new Places(graph, homes, fusion.chains()).plan(packed, fusion.image());
    }
}
