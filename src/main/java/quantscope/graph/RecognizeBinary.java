package quantscope.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns Sign -> Conv2d and Sign -> Linear into binary layers where the weights are +-alpha per output channel.
 *
 * <p>Between the sign and the layer may stand layers that only pass values on (Identity, Dropout, Flatten, Reshape):
 * they then carry the values before the sign. A product with a constant per output channel directly behind the layer,
 * which is how XNOR networks apply alpha, goes into alpha; that rounds (alpha * dot + bias) * c once differently from
 * the file, a matter of the last bit. A Sign or a passing layer that something else reads too stays for that reader.
 * Origins and names are those of the convolution or linear layer.
 */
public final class RecognizeBinary {

    private final Graph graph;
    private final Map<String, Op.Sign> signs = new HashMap<>();
    private final Map<String, Op> binary = new HashMap<>();
    private final Map<String, String> scalings = new HashMap<>();
    private final Set<String> absorbed = new HashSet<>();
    private final GraphBuilder out;
    private final Map<String, String> beforeSign = new HashMap<>();

    private RecognizeBinary(Graph graph) {
        this.graph = graph;
        this.out = new GraphBuilder(graph.name(), graph.profile());
    }

    /** The same network with its binary layers recognised; the graph itself where there are none. */
    public static Graph apply(Graph graph) {
        return new RecognizeBinary(graph).run();
    }

    private Graph run() {
        graph.nodes().forEach(this::findSign);
        graph.nodes().forEach(this::findLayer);
        if (binary.isEmpty()) {
            return graph;
        }
        findAbsorbed();
        graph.nodes().forEach(this::copy);
        return out.build(graph.outputs().stream().map(o -> scalings.getOrDefault(o, o)).toList());
    }

    /** Notes whose value is that of a sign. */
    private void findSign(Node node) {
        if (node.op() instanceof Op.Sign sign) {
            signs.put(node.name(), sign);
        } else if (passesOn(node) && signs.containsKey(node.input())) {
            signs.put(node.name(), signs.get(node.input()));
        }
    }

    private static boolean passesOn(Node node) {
        return switch (node.op()) {
            case Op.Identity i -> true;
            case Op.Dropout d -> true;
            case Op.Flatten f -> true;
            case Op.Reshape r -> true;
            default -> false;
        };
    }

    private void findLayer(Node node) {
        if (node.inputs().size() != 1 || !signs.containsKey(node.input())) {
            return;
        }
        SignOfZero signOfZero = signs.get(node.input()).signOfZero();
        Optional<ChannelScale> scale = scaling(node);
        Optional<Op> recognised = switch (node.op()) {
            case Op.Conv2d c -> BinaryWeights.of(c.weight()).map(w -> w.scaled(c.bias(), scale))
                    .map(w -> new Op.BinaryConv2d(w.weight(), w.alpha(), w.bias(), c.geometry(), signOfZero));
            case Op.Linear l -> BinaryWeights.of(l.weight()).map(w -> w.scaled(l.bias(), scale))
                    .map(w -> new Op.BinaryLinear(w.weight(), w.alpha(), w.bias(), signOfZero));
            default -> Optional.empty();
        };
        recognised.ifPresent(op -> {
            binary.put(node.name(), op);
            scale.ifPresent(s -> scalings.put(s.product(), node.name()));
        });
    }

    /** The product with a constant per channel that alone reads a layer's value. */
    private Optional<ChannelScale> scaling(Node layer) {
        List<String> readers = graph.consumers(layer.name());
        if (readers.size() != 1 || graph.outputs().contains(layer.name()) || layer.shape().isEmpty()) {
            return Optional.empty();
        }
        Node product = graph.node(readers.getFirst());
        if (!(product.op() instanceof Op.Mul)) {
            return Optional.empty();
        }
        String other = product.inputs().get(product.inputs().getFirst().equals(layer.name()) ? 1 : 0);
        return graph.node(other).op() instanceof Op.Constant c && product.shape().equals(layer.shape())
                ? ChannelScale.of(product.name(), c.value(), layer) : Optional.empty();
    }

    /** Signs and passing layers that only binary layers read, in the end: nobody else misses the sign in them. */
    private void findAbsorbed() {
        List<Node> nodes = new ArrayList<>(graph.nodes());
        for (Node node : nodes.reversed()) {
            List<String> readers = graph.consumers(node.name());
            if (signs.containsKey(node.name()) && !graph.outputs().contains(node.name()) && !readers.isEmpty()
                    && readers.stream().allMatch(r -> binary.containsKey(r) || absorbed.contains(r))) {
                absorbed.add(node.name());
            }
        }
    }

    private void copy(Node node) {
        if (scalings.containsKey(node.name()) || onlyScales(node)) {
            return;
        }
        List<String> inputs = node.inputs().stream().map(i -> scalings.getOrDefault(i, i)).toList();
        if (binary.containsKey(node.name())) {
            out.add(node.name(), binary.get(node.name()), List.of(beforeSign(node.input())), node.origin());
        } else if (!absorbed.contains(node.name())) {
            out.add(node, inputs);
        } else if (!(node.op() instanceof Op.Sign)) {
            out.add(node, List.of(beforeSign(node.input())));
            beforeSign.put(node.name(), node.name());
        }
    }

    /** The value whose sign a node's value is; a passing layer with other readers is doubled for it. */
    private String beforeSign(String name) {
        if (beforeSign.containsKey(name)) {
            return beforeSign.get(name);
        }
        Node node = graph.node(name);
        String before;
        if (node.op() instanceof Op.Sign) {
            before = scalings.getOrDefault(node.input(), node.input());
        } else {
            before = name + "_before_sign";
            while (graph.find(before).isPresent() || out.contains(before)) {
                before += "_";
            }
            out.add(before, node.op(), List.of(beforeSign(node.input())), node.origin());
        }
        beforeSign.put(name, before);
        return before;
    }

    private boolean onlyScales(Node node) {
        List<String> readers = graph.consumers(node.name());
        return node.op() instanceof Op.Constant && !readers.isEmpty() && !graph.outputs().contains(node.name())
                && readers.stream().allMatch(scalings::containsKey);
    }
}
