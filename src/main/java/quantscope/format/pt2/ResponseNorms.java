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
 * Local response normalization, which torch.export writes as its parts:
 * x / (k + alpha * avg_pool3d(pad(x * x)))^beta. The last part, the division, becomes the layer; the others go.
 */
final class ResponseNorms {

    /** A whole normalization. */
    record Found(String input, Op.LocalResponseNorm op) { }

    private static final Set<String> MOVES = Set.of("aten.view", "aten.unsqueeze", "aten.squeeze", "aten.reshape", "aten.pad",
            "aten.constant_pad_nd");

    private final Map<String, JsonNode> makers = new HashMap<>();
    private final Map<String, Found> divisions = new HashMap<>();
    private final Set<String> parts = new HashSet<>();

    ResponseNorms(JsonNode nodes) {
        for (JsonNode node : nodes) {
            String output = node.path("outputs").path(0).path("as_tensor").path("name").asText();
            makers.put(output, node);
            if (is(node, "aten.div")) {
                find(node).ifPresent(found -> divisions.put(output, found));
            }
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
        JsonNode power = step(division, "other", "aten.pow", inner);
        JsonNode sum = step(power, "self", "aten.add", inner);
        JsonNode scaled = step(sum, "self", "aten.mul", inner);
        JsonNode mean = scaled;
        do {
            mean = step(mean, "self", null, inner);
        } while (MOVES.contains(operator(mean)));
        JsonNode square = mean;
        do {
            square = step(square, "self", null, inner);
        } while (MOVES.contains(operator(square)));
        boolean matches = is(mean, "aten.avg_pool3d") && is(square, "aten.mul")
                && tensor(square, "self").equals(input) && tensor(square, "other").equals(input);
        if (!matches) {
            return Optional.empty();
        }
        parts.addAll(inner);
        return Optional.of(new Found(input, new Op.LocalResponseNorm(
                argument(mean, "kernel_size").path("as_ints").path(0).asInt(), scalar(scaled, "other"),
                scalar(power, "exponent"), scalar(sum, "other"))));
    }

    /** What makes an argument; a missing node where nothing does or it is another operator. */
    private JsonNode step(JsonNode node, String argument, String operator, List<String> inner) {
        String name = tensor(node, argument);
        JsonNode maker = makers.getOrDefault(name, MissingNode.getInstance());
        inner.add(name);
        return operator == null || is(maker, operator) ? maker
                : MissingNode.getInstance();
    }

    private static boolean is(JsonNode node, String operator) {
        return operator(node).equals(operator);
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

    private static float scalar(JsonNode node, String name) {
        JsonNode value = argument(node, name);
        return (float) (value.has("as_float") ? value.path("as_float").asDouble() : value.path("as_int").asDouble());
    }
}
