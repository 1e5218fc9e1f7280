package quantscope.figure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.elk.alg.layered.LayeredLayoutProvider;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.alg.layered.options.NodePlacementStrategy;
import org.eclipse.elk.alg.layered.options.OrderingStrategy;
import org.eclipse.elk.core.data.LayoutMetaDataService;
import org.eclipse.elk.core.math.ElkPadding;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/** Gives a drawing places with ELK's layered layout and orthogonal edges. Deterministic, but slow. */
public final class ArrangeGraph {

    private static final double MARGIN = 24;

    /** ELK clones its options' defaults by reflection, for which its core must have been registered first. */
    public ArrangeGraph() {
        LayoutMetaDataService.getInstance().registerLayoutMetaDataProviders(new LayeredOptions());
    }

    /** @param downwards top to bottom, else left to right */
    public Arrangement arrange(Drawing drawing, boolean downwards) {
        ElkNode root = root(downwards);
        Map<String, ElkNode> nodes = new HashMap<>();
        drawing.cards().values().forEach(card -> {
            ElkNode node = ElkGraphUtil.createNode(root);
            node.setDimensions(card.form().width(), card.form().height());
            nodes.put(card.name(), node);
        });
        List<ElkEdge> edges = drawing.edges().stream()
                .map(e -> ElkGraphUtil.createSimpleEdge(nodes.get(e.from()), nodes.get(e.to()))).toList();
        new LayeredLayoutProvider().layout(root, new BasicProgressMonitor());

        Map<String, Place> places = new HashMap<>();
        nodes.forEach((name, n) ->
                places.put(name, new Place(n.getX(), n.getY(), n.getWidth(), n.getHeight())));
        return new Arrangement(drawing, places, edges.stream().map(ArrangeGraph::route).toList(), root.getWidth(),
                root.getHeight());
    }

    private static ElkNode root(boolean downwards) {
        ElkNode root = ElkGraphUtil.createGraph();
        root.setProperty(LayeredOptions.DIRECTION, downwards ? Direction.DOWN : Direction.RIGHT);
        root.setProperty(LayeredOptions.EDGE_ROUTING, EdgeRouting.ORTHOGONAL);
        root.setProperty(LayeredOptions.NODE_PLACEMENT_STRATEGY, NodePlacementStrategy.BRANDES_KOEPF);
        root.setProperty(LayeredOptions.CONSIDER_MODEL_ORDER_STRATEGY, OrderingStrategy.NODES_AND_EDGES);
        root.setProperty(LayeredOptions.SPACING_NODE_NODE, 28.0);
        root.setProperty(LayeredOptions.SPACING_EDGE_NODE, 18.0);
        root.setProperty(LayeredOptions.SPACING_EDGE_EDGE, 14.0);
        root.setProperty(LayeredOptions.SPACING_NODE_NODE_BETWEEN_LAYERS, 22.0);
        root.setProperty(LayeredOptions.SPACING_EDGE_NODE_BETWEEN_LAYERS, 11.0);
        root.setProperty(LayeredOptions.RANDOM_SEED, 1);
        root.setProperty(LayeredOptions.PADDING, new ElkPadding(MARGIN));
        return root;
    }

    private static List<Point> route(ElkEdge edge) {
        List<Point> points = new ArrayList<>();
        for (ElkEdgeSection section : edge.getSections()) {
            points.add(new Point(section.getStartX(), section.getStartY()));
            section.getBendPoints().forEach(b -> points.add(new Point(b.getX(), b.getY())));
            points.add(new Point(section.getEndX(), section.getEndY()));
        }
        return List.copyOf(points);
    }
}
