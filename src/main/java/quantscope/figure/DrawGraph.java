package quantscope.figure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.graph.Cost;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepared;

/** From a prepared graph to cards and edges. */
public final class DrawGraph {

    private final TickBoxes boxes;

    /** Says how a card's tick box stands. */
    @FunctionalInterface
    public interface TickBoxes {

        /** No boxes. */
        TickBoxes NONE = (_, _) -> Card.Tick.NONE;

        Card.Tick of(Prepared prepared, Node node);
    }

    public DrawGraph(TickBoxes boxes) {
        this.boxes = boxes;
    }

    /** One card for each node; an edge for each value and reader. */
    public Drawing draw(Prepared prepared) {
        Graph graph = prepared.graph();
        Map<String, Card> cards = new LinkedHashMap<>();
        List<Drawing.Edge> edges = new ArrayList<>();
        for (Node node : graph.nodes()) {
            cards.put(node.name(), card(prepared, node));
            for (String input : new LinkedHashSet<>(node.inputs())) {
                edges.add(edge(prepared, cards.get(input), node));
            }
        }
        return new Drawing(cards, edges);
    }

    private Card card(Prepared prepared, Node node) {
        Optional<String> fusedInto = Optional.ofNullable(prepared.fusedInto().get(node.name()));
        Node described = prepared.source().find(node.name()).orElse(node);
        return new Card(node.name(), form(described, fusedInto), described.op().kind(), Formats.shape(node.shape()),
                Layers.weighted(described.op()) ? Optional.of(Cost.of(described)) : Optional.empty(),
                precision(prepared, node), boxes.of(prepared, node), fusedInto,
                prepared.obstacles(node.name()));
    }

    private static Card.Form form(Node node, Optional<String> fusedInto) {
        if (fusedInto.isPresent()) {
            return Card.Form.FUSED;
        }
        if (Layers.stub(node.op())) {
            return Card.Form.STUB;
        }
        if (node.op() instanceof Op.Input || node.op() instanceof Op.Constant) {
            return Card.Form.SOURCE;
        }
        return Layers.weighted(node.op()) ? Card.Form.LAYER : Card.Form.SMALL;
    }

    private static Precision precision(Prepared prepared, Node node) {
        return node.op() instanceof Op.QuantStub ? Precision.INT8
                : prepared.precisions().getOrDefault(node.name(), Precision.FP32);
    }

    private static Drawing.Edge edge(Prepared prepared, Card from, Node to) {
        Precision source = from.precision();
        boolean readsSigns = prepared.precisions().get(to.name()) == Precision.BINARY && Layers.binary(to.op());
        Precision carries = source == Precision.INT8 ? Precision.INT8
                : readsSigns ? Precision.BINARY : Precision.FP32;
        Optional<String> group = Optional.ofNullable(prepared.fusedInto().get(to.name()));
        boolean tie = group.filter(g -> from.fusedInto().orElse(from.name()).equals(g)).isPresent();
        return new Drawing.Edge(from.name(), to.name(), carries, tie);
    }
}
