package quantscope.ptq;

import java.util.List;
import java.util.Map;
import quantscope.graph.Graph;

/**
 * A model with its choices carried out as eager mode's fuse and prepare do: stubs placed, layers fused, places for
 * observers known; everything still computes in fp32 (or binary). This is also what the graph view draws.
 *
 * @param source        the graph as it was read
 * @param specification what was chosen
 * @param graph         with QuantStub and DeQuantStub nodes wherever an int8 region begins and ends. A BatchNorm
 *                      that was folded is an Identity and its convolution has the folded weight. A fused ReLU is
 *                      still a ReLU here, because the group is observed behind it; {@link Convert} moves it into
 *                      the int8 kernel. All nodes keep their names; where a binary layer is computed in fp32 or int8,
 *                      its sign becomes a layer of its own, {@code sign_conv2}
 * @param precisions    of every layer of {@code graph} but the stubs; a fused layer has its first layer's
 * @param fusedInto     fused layer -> first layer of its group, for example bn1 -> conv1
 * @param observers     where activations are observed, in running order
 * @param comparable    layer of {@code graph} -> layer of {@code source} that computes the same value in fp32; for
 *                      a fused group the first layer maps to the last one's source, for example conv1 -> relu1,
 *                      and the others are not here; {@link #valueNode} says where its value is in this graph
 * @param obstacles     all that remain, in the graph's order
 */
public record Prepared(Graph source, Specification specification, Graph graph, Map<String, Precision> precisions,
                       Map<String, String> fusedInto, List<ObserverPoint> observers, Map<String, String> comparable,
                       List<Obstacle> obstacles) {

    public Prepared {
        precisions = Map.copyOf(precisions);
        fusedInto = Map.copyOf(fusedInto);
        observers = List.copyOf(observers);
        comparable = Map.copyOf(comparable);
        obstacles = List.copyOf(obstacles);
    }

    /** Names of the layers that compute in int8 and have a weight or an observer of their own, in order. */
    public List<String> int8Layers() {
        return observers.stream().map(ObserverPoint::node)
                .filter(n -> precisions.get(n) == Precision.INT8).toList();
    }

    /** The first layer of the group that a layer is fused into; itself where it is not. */
    public String firstOfGroup(String layer) {
        return fusedInto.getOrDefault(layer, layer);
    }

    /**
     * The node of this graph, and of the converted one, whose value is a layer's result: the last of its fused group,
     * or itself.
     */
    public String valueNode(String layer) {
        String last = comparable.getOrDefault(firstOfGroup(layer), layer);
        return graph.find(last).isPresent() ? last : layer;
    }

    public List<Obstacle> obstacles(String layer) {
        return obstacles.stream().filter(o -> o.layer().equals(layer)).toList();
    }
}
