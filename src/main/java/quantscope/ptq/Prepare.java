package quantscope.ptq;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import quantscope.graph.Graph;
import quantscope.graph.GraphBuilder;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.Origin;

/**
 * Carries out a specification as eager mode's fuse_modules and prepare do: fuses, binarizes, places stubs and finds
 * out what is to be observed. Only fused int8 layers and layers made binary get new weights, so it is fast enough to
 * run at every tick.
 */
public final class Prepare {

    private final Graph source;
    private final Specification specification;
    private final Map<String, Precision> precisions;
    private final Map<String, String> fusedInto;
    private final Map<String, String> lastOf = new LinkedHashMap<>();

    private Prepare(Graph source, Specification specification, ResolvePrecisions.Resolved resolved) {
        this.source = source;
        this.specification = specification;
        this.precisions = new HashMap<>(resolved.precisions());
        this.fusedInto = resolved.fusedInto();
        fusedInto.forEach((member, first) -> lastOf.put(first, member));
    }

    /** @throws InvalidSpecificationException when a choice names no layer, or a precision that the layer cannot have */
    public static Prepared run(Graph source, Specification specification) {
        Quantizability quantizability = new Quantizability(source, specification);
        List<Obstacle> obstacles = quantizability.obstacles();
        return new Prepare(source, specification, ResolvePrecisions.run(source, specification,
                quantizability.fusable(), obstacles)).prepare(obstacles);
    }

    private Prepared prepare(List<Obstacle> obstacles) {
        StubPlacement.Placed placed = StubPlacement.run(new GraphBuilder(source.name(), specification.profile()),
                layers(), source.outputs());
        Map<String, String> comparable = new TreeMap<>();
        for (Node node : source.layers()) {
            if (!fusedInto.containsKey(node.name())) {
                comparable.put(node.name(), lastOf.getOrDefault(node.name(), node.name()));
            }
        }
        return new Prepared(source, specification, placed.graph(), precisions, fusedInto, observers(placed),
                comparable, obstacles);
    }

    private List<StubPlacement.Layer> layers() {
        List<StubPlacement.Layer> layers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        source.nodes().forEach(n -> names.add(n.name()));
        for (Node node : source.nodes()) {
            Precision precision = precisions.getOrDefault(node.name(), Precision.FP32);
            List<String> inputs = node.inputs();
            if (Int8Support.isBinary(node) && precision != Precision.BINARY) {
                String sign = StubPlacement.free("sign_" + StubPlacement.identifier(node.name()), names);
                layers.add(new StubPlacement.Layer(sign, new Op.Sign(Binarize.sign(node.op()).orElseThrow()), inputs,
                        Origin.of(sign, "Sign"), false, sign));
                precisions.put(sign, Precision.FP32);
                inputs = List.of(sign);
            }
            layers.add(new StubPlacement.Layer(node.name(), op(node, precision), inputs, node.origin(),
                    precision == Precision.INT8 && !Int8Support.isInt8(node), fusedInto.getOrDefault(node.name(), node.name())));
        }
        return layers;
    }

    private Op op(Node node, Precision precision) {
        return switch (node.op()) {
            case Op.BinaryConv2d b when precision != Precision.BINARY -> Binarize.withoutSign(b);
            case Op.BinaryLinear b when precision != Precision.BINARY -> Binarize.withoutSign(b);
            case Op.Conv2d c when precision == Precision.BINARY -> Binarize.binarize(c);
            case Op.Linear l when precision == Precision.BINARY -> Binarize.binarize(l);
            case Op.Conv2d c when norm(node) instanceof Op.BatchNorm2d norm -> FoldBatchNorm.fold(c, norm);
            case Op.Linear l when norm(node) instanceof Op.BatchNorm2d norm -> FoldBatchNorm.fold(l, norm);
            case Op.BatchNorm2d b when fusedInto.containsKey(node.name()) -> new Op.Identity();
            default -> node.op();
        };
    }

    /** The operator fused right behind a layer; the layer's own where nothing is. */
    private Op norm(Node node) {
        return fusedInto.entrySet().stream().filter(e -> e.getValue().equals(node.name())).findFirst()
                .map(e -> source.node(e.getKey()).op()).orElse(node.op());
    }

    private List<ObserverPoint> observers(StubPlacement.Placed placed) {
        List<ObserverPoint> points = new ArrayList<>();
        for (Node node : placed.graph().nodes()) {
            String reader = placed.quantStubs().get(node.name());
            if (reader != null) {
                points.add(new ObserverPoint(node.name(), specification.qconfig(reader)));
            } else if (precisions.get(node.name()) == Precision.INT8 && !fusedInto.containsKey(node.name())
                    && Int8Support.of(node) == Int8Support.OWN_PARAMETERS) {
                points.add(new ObserverPoint(node.name(), specification.qconfig(node.name()),
                        lastOf.getOrDefault(node.name(), node.name())));
            }
        }
        return points;
    }
}
