package quantscope.format.pt2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import quantscope.graph.Op;

/**
 * Local response normalization of images, which torch.export writes as its parts:
 * x / (k + alpha * squeeze(avg_pool3d(pad(view(x * x)))))^beta, pooled over the channels. The last part, the division,
 * becomes the layer; the others go, as nothing else reads them.
 */
final class ResponseNorms {

    /** What the layer is called where it stands in no module of its own. */
    static final String OPERATOR = "aten.local_response_norm";

    /** A whole normalization. */
    record Found(String input, Op.LocalResponseNorm op) { }

    private static final Set<String> MOVES = Set.of("aten.view", "aten.unsqueeze", "aten.squeeze", "aten.reshape");
    private static final Set<String> PADS = Set.of("aten.pad", "aten.constant_pad_nd");

    private final Map<String, JsonNode> makers = new HashMap<>();
    private final Map<String, Integer> readers;
    private final Map<String, Found> divisions = new HashMap<>();
    private final Set<String> parts = new HashSet<>();

    /** @param readers how many operations read a value, outputs of the graph included */
    ResponseNorms(JsonNode nodes, Map<String, Integer> readers) {
        this.readers = readers;
        for (JsonNode node : nodes) {
            String output = node.path("outputs").path(0).path("as_tensor").path("name").asText();
            if (operator(node).equals("aten.div")) {
                find(node).ifPresent(found -> divisions.put(output, found));
            }
            // Only what stands before a node can be part of it, so no chain of makers is a ring.
            makers.putIfAbsent(output, node);
        }
    }

    Optional<Found> endingIn(String output) {
        return Optional.ofNullable(divisions.get(output));
    }

    boolean isPart(String output) {
        return parts.contains(output);
    }

    private Optional<Found> find(JsonNode division) {
        List<String> inner = new ArrayList<>();
        String input = tensor(division, "self");
        JsonNode power = step(division, "other", inner);
        JsonNode sum = step(power, "self", inner);
        JsonNode scaled = step(sum, "self", inner);
        JsonNode mean = behindMoves(scaled, inner);
        JsonNode pad = step(mean, "self", inner);
        JsonNode square = behindMoves(pad, inner);
        int size = argument(mean, "kernel_size").path("as_ints").path(0).asInt();
        boolean matches = operator(power).equals("aten.pow") && operator(sum).equals("aten.add")
                && operator(scaled).equals("aten.mul") && operator(square).equals("aten.mul")
                && tensor(square, "self").equals(input) && tensor(square, "other").equals(input)
                && poolsChannels(mean, size) && padsChannels(pad, size) && plain(sum);
        Optional<Double> alpha = scalar(scaled, "other");
        Optional<Double> beta = scalar(power, "exponent");
        Optional<Double> k = scalar(sum, "other");
        if (!matches || alpha.isEmpty() || beta.isEmpty() || k.isEmpty()
                || inner.stream().anyMatch(name -> readers.getOrDefault(name, 0) != 1 || parts.contains(name))) {
            return Optional.empty();
        }
        parts.addAll(inner);
        return Optional.of(new Found(input, new Op.LocalResponseNorm(size, alpha.get().floatValue(),
                beta.get().floatValue(), k.get().floatValue())));
    }

    private static boolean plain(JsonNode sum) {
        return argument(sum, "alpha").isMissingNode();
    }

    private static boolean poolsChannels(JsonNode mean, int size) {
        return size > 0 && operator(mean).equals("aten.avg_pool3d") && ints(mean, "kernel_size").equals(List.of(size, 1, 1))
                && ints(mean, "stride").equals(List.of(1, 1, 1)) && mean.path("inputs").size() == 3;
    }

    private static boolean padsChannels(JsonNode pad, int size) {
        return PADS.contains(operator(pad)) && scalar(pad, "value").orElse(0.0) == 0
                && argument(pad, "mode").path("as_string").asText("constant").equals("constant")
                && ints(pad, "pad").equals(List.of(0, 0, 0, 0, size / 2, (size - 1) / 2));
    }

    private JsonNode behindMoves(JsonNode node, List<String> inner) {
        JsonNode maker = node;
        do {
            maker = step(maker, "self", inner);
        } while (MOVES.contains(operator(maker)));
        return maker;
    }

    /** What makes an argument; a missing node where nothing does. */
    private JsonNode step(JsonNode node, String argument, List<String> inner) {
        String name = tensor(node, argument);
        inner.add(name);
        return makers.getOrDefault(name, MissingNode.getInstance());
    }

    private static String operator(JsonNode node) {
        return Call.operator(node.path("target").asText());
    }

    private static JsonNode argument(JsonNode node, String name) {
        for (JsonNode input : node.path("inputs")) {
            if (input.path("name").asText().equals(name)) {
                return input.path("arg");
            }
        }
        return MissingNode.getInstance();
    }

    private static String tensor(JsonNode node, String name) {
        return argument(node, name).path("as_tensor").path("name").asText();
    }

    private static List<Integer> ints(JsonNode node, String name) {
        List<Integer> values = new ArrayList<>();
        argument(node, name).path("as_ints").forEach(v -> values.add(v.asInt()));
        return values;
    }

    private static Optional<Double> scalar(JsonNode node, String name) {
        JsonNode value = argument(node, name);
        JsonNode number = value.has("as_float") ? value.path("as_float") : value.path("as_int");
        return number.isNumber() ? Optional.of(number.asDouble()) : Optional.empty();
    }
}
