package quantscope.ptq;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import quantscope.graph.Graph;
import quantscope.graph.Node;

/**
 * Choices for a whole model in one step. They replace all precisions; qconfigs stay. Binary layers stay binary where
 * a preset does not name them, and what is computed only for their signs (the BatchNorm in front of them) stays fp32:
 * an int8 step there would flip signs and save nothing.
 */
public enum Preset {
    /** The first layer with a weight, for AlexNet conv1. */
    FIRST_ONLY,
    /** Everything but the first and the last layer with a weight, and what could be fused into them. */
    FIRST_AND_LAST_FP32,
    /** Every layer that has an int8 kernel, with all its obstacles mended and everything fused that can be. */
    EVERYTHING,
    /** As the file has it; takes the fixes back too. */
    NOTHING;

    /** The first layer with a weight, which {@link #FIRST_ONLY} is named after. */
    public static Optional<String> firstLayer(Graph graph) {
        return weighted(graph).stream().findFirst();
    }

    /**
     * What a preset does not touch although int8 could be chosen for it.
     *
     * @param binary   layers that stay binary
     * @param forSigns layers that stay fp32 because only signs are taken of their output
     */
    public record LeftAlone(int binary, int forSigns) { }

    /** What this preset leaves alone in a model; nothing for those that name all that they touch. */
    public LeftAlone leftAlone(Graph graph) {
        return switch (this) {
            case FIRST_ONLY, NOTHING -> new LeftAlone(0, 0);
            case FIRST_AND_LAST_FP32, EVERYTHING -> new LeftAlone(
                    (int) graph.layers().stream().filter(Int8Support::isBinary).count(),
                    (int) graph.layers().stream().filter(n -> skippedForSigns(graph, n)).count());
        };
    }

    public Ticks.Ticked apply(Graph graph, Specification specification) {
        Specification bare = specification;
        for (String layer : List.copyOf(bare.layers().keySet())) {
            bare = bare.withPrecision(layer, Optional.empty());
        }
        List<String> weighted = weighted(graph);
        return switch (this) {
            case FIRST_ONLY -> weighted.isEmpty() ? new Ticks.Ticked(bare, List.of())
                    : Ticks.tick(graph, bare, weighted.getFirst(), Precision.INT8);
            case FIRST_AND_LAST_FP32 -> all(graph, bare, weighted.isEmpty() ? Set.of()
                    : groups(graph, List.of(weighted.getFirst(), weighted.getLast())));
            case EVERYTHING -> all(graph, bare, Set.of());
            case NOTHING -> new Ticks.Ticked(
                    new Specification(bare.layers(), Set.of(), bare.defaultQConfig(), bare.profile()),
                    List.of());
        };
    }

    private static List<String> weighted(Graph graph) {
        return graph.layers().stream().filter(Int8Support::isWeighted).map(Node::name).toList();
    }

    /** Layers and what could be fused into them. */
    private static Set<String> groups(Graph graph, List<String> firsts) {
        FusableLayers fusable = new Quantizability(graph, Specification.EMPTY).fusable();
        Set<String> groups = new HashSet<>(firsts);
        firsts.forEach(first -> fusable.behind(graph.node(first)).forEach(member -> groups.add(member.name())));
        return groups;
    }

    private static boolean skippedForSigns(Graph graph, Node node) {
        return Int8Support.of(node) != Int8Support.NONE && !Int8Support.isWeighted(node) && onlyForSigns(graph, node);
    }

    private static boolean onlyForSigns(Graph graph, Node node) {
        List<Node> readers = graph.consumers(node.name()).stream().map(graph::node).toList();
        return !readers.isEmpty() && !graph.outputs().contains(node.name()) && readers.stream().allMatch(
                r -> Int8Support.isBinary(r)
                        || Int8Support.of(r) == Int8Support.KEEPS_PARAMETERS && onlyForSigns(graph, r));
    }

    private static Ticks.Ticked all(Graph graph, Specification bare, Set<String> without) {
        List<Fix> applied = new ArrayList<>();
        Specification chosen = bare;
        for (Node node : graph.layers()) {
            if (Int8Support.of(node) == Int8Support.NONE || without.contains(node.name())
                    || skippedForSigns(graph, node)) {
                continue;
            }
            // Layers that only move values follow their neighbours, once nothing blocks them.
            if (Int8Support.of(node) == Int8Support.OWN_PARAMETERS) {
                chosen = chosen.withPrecision(node.name(), Optional.of(Precision.INT8));
            }
            Ticks.Ticked mended = Ticks.mend(graph, chosen, node.name());
            chosen = mended.specification();
            applied.addAll(mended.applied());
        }
        return fused(graph, chosen, applied);
    }

    private static Ticks.Ticked fused(Graph graph, Specification chosen, List<Fix> applied) {
        Specification fused = chosen;
        Map<String, LayerChoice> layers = chosen.layers();
        for (Obstacle obstacle : Quantizability.obstacles(graph, chosen)) {
            if (obstacle.kind() == ObstacleKind.NOT_FUSED && layers.containsKey(obstacle.layer())
                    && obstacle.fix().isPresent()) {
                fused = fused.withFix(obstacle.fix().get());
                applied.add(obstacle.fix().get());
            }
        }
        return new Ticks.Ticked(fused, applied);
    }
}
