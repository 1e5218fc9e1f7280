package quantscope.ptq;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import quantscope.graph.Graph;
import quantscope.graph.Node;

/** Choosing the precision of a layer, with what has to be mended for it in the same step. */
public final class Ticks {

    private Ticks() { }

    /**
     * A specification after a choice.
     *
     * @param applied fixes that the choice needed and that were not there before, in order
     */
    public record Ticked(Specification specification, List<Fix> applied) {

        public Ticked {
            applied = List.copyOf(applied);
        }
    }

    /** What a layer can be given; empty for a layer that has no int8 kernel and is not binary. */
    public static List<Precision> choices(Node layer) {
        if (Int8Support.isWeighted(layer)) {
            return List.of(Precision.FP32, Precision.INT8, Precision.BINARY);
        }
        return Int8Support.of(layer) == Int8Support.NONE ? List.of() : List.of(Precision.FP32, Precision.INT8);
    }

    /**
     * Chooses a layer's precision. For int8 the fixes of all obstacles that block it are applied too. What the layer
     * is by itself is stored as no choice, except for layers that would otherwise follow their neighbours.
     *
     * @throws InvalidSpecificationException when there is no such layer or it cannot have that precision
     */
    public static Ticked tick(Graph graph, Specification specification, String layer, Precision precision) {
        Node node = graph.find(layer).orElseThrow(
                () -> new InvalidSpecificationException(layer, "the model has no such layer"));
        if (!choices(node).contains(precision)) {
            throw new InvalidSpecificationException(layer, "a " + node.op().kind() + " cannot be "
                    + precision.label() + (choices(node).isEmpty() ? ", it stays fp32" : ""));
        }
        boolean follows = Int8Support.of(node) == Int8Support.KEEPS_PARAMETERS;
        Specification chosen = specification.withPrecision(layer,
                Optional.of(precision).filter(p -> follows || p != natural(node)));
        return precision == Precision.INT8 ? mend(graph, chosen, layer) : new Ticked(chosen, List.of());
    }

    /** Takes a layer's choice back; fixes stay, they change no result. */
    public static Specification untick(Specification specification, String layer) {
        return specification.withPrecision(layer, Optional.empty());
    }

    /** Fuses everything into the int8 layers that can be fused, as fuse_modules does. */
    public static Specification fuse(Graph graph, Specification specification) {
        Specification fused = specification;
        for (Obstacle obstacle : Quantizability.obstacles(graph, specification)) {
            boolean int8 = specification.choice(obstacle.layer()).precision().equals(Optional.of(Precision.INT8));
            if (obstacle.kind() == ObstacleKind.NOT_FUSED && int8 && obstacle.fix().isPresent()) {
                fused = fused.withFix(obstacle.fix().get());
            }
        }
        return fused;
    }

    /** What a layer is without a choice. */
    public static Precision natural(Node layer) {
        return Int8Support.isBinary(layer) ? Precision.BINARY : Precision.FP32;
    }

    /** Applies the fixes of everything that blocks a layer. */
    static Ticked mend(Graph graph, Specification specification, String layer) {
        List<Fix> applied = new ArrayList<>();
        Specification mended = specification;
        // One fix may mend two obstacles or uncover a third, so they are judged again after each.
        for (Optional<Fix> next = blocker(graph, mended, layer); next.isPresent();
                next = blocker(graph, mended, layer)) {
            applied.add(next.get());
            mended = mended.withFix(next.get());
        }
        return new Ticked(mended, applied);
    }

    private static Optional<Fix> blocker(Graph graph, Specification specification, String layer) {
        return Quantizability.obstacles(graph, specification).stream()
                .filter(o -> o.layer().equals(layer) && o.blocking()).flatMap(o -> o.fix().stream())
                .filter(fix -> !specification.fixes().contains(fix)).findFirst();
    }
}
