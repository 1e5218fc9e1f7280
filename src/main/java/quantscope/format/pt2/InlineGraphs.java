package quantscope.format.pt2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import quantscope.format.ModelFormatException;

/**
 * Puts the body of {@code with torch.no_grad():} in its place; torch.export writes it as a graph inside of the graph,
 * wrap_with_set_grad_enabled(enabled, body, tensors...).
 */
final class InlineGraphs {

    private static final String WRAPPED = "torch.ops.higher_order.wrap_with_set_grad_enabled";
    private static final int DEEPEST = 20;

    private final java.nio.file.Path file;
    private final ObjectNode tensorValues;
    private final List<JsonNode> nodes = new ArrayList<>();
    private int inlined;

    private InlineGraphs(java.nio.file.Path file, ObjectNode tensorValues) {
        this.file = file;
        this.tensorValues = tensorValues;
    }

    /** The graph without inner graphs of that kind; unchanged where it has none. */
    static JsonNode apply(JsonNode graph, java.nio.file.Path file) throws ModelFormatException {
        if (!(graph instanceof ObjectNode object) || graph.path("nodes").findValue("as_graph") == null) {
            return graph;
        }
        ObjectNode flat = object.deepCopy();
        InlineGraphs inline = new InlineGraphs(file, flat.path("tensor_values") instanceof ObjectNode values ? values
                : flat.putObject("tensor_values"));
        for (JsonNode node : object.path("nodes")) {
            inline.add(node.deepCopy(), 0);
        }
        flat.putArray("nodes").addAll(inline.nodes);
        return flat;
    }

    private void add(JsonNode node, int depth) throws ModelFormatException {
        JsonNode body = node.path("inputs").path(1).path("arg").path("as_graph").path("graph");
        if (!node.path("target").asText().equals(WRAPPED) || !body.isObject()) {
            nodes.add(node);
            return;
        }
        if (depth > DEEPEST) {
            throw new ModelFormatException(file, node.path("name").asText(), "holds graphs in graphs, more than "
                    + DEEPEST + " deep; export the model again");
        }
        List<String> given = names(node.path("inputs"), "arg").stream().toList();
        List<String> inner = names(body.path("inputs"), "");
        List<String> results = names(body.path("outputs"), "");
        List<String> wanted = names(node.path("outputs"), "");
        if (given.size() != inner.size() || results.size() != wanted.size()) {
            throw new ModelFormatException(file, node.path("name").asText(), "gives " + given.size()
                    + " tensors to an inner graph of " + inner.size() + " and takes " + wanted.size() + " of "
                    + results.size() + "; export the model again");
        }
        String prefix = "inlined_" + inlined++ + "_";
        Map<String, String> renamed = new HashMap<>();
        for (int i = 0; i < inner.size(); i++) {
            renamed.put(inner.get(i), given.get(i));
        }
        body.path("tensor_values").properties().forEach(value ->
                tensorValues.set(renamed.getOrDefault(value.getKey(), prefix + value.getKey()), value.getValue()));
        for (JsonNode each : body.path("nodes")) {
            JsonNode copy = each.deepCopy();
            rename(copy.path("inputs"), renamed, prefix);
            rename(copy.path("outputs"), renamed, prefix);
            add(copy, depth + 1);
        }
        for (int i = 0; i < results.size(); i++) {
            nodes.add(alias(node, renamed.getOrDefault(results.get(i), prefix + results.get(i)), wanted.get(i)));
        }
    }

    /** Tensors of a list of arguments, in order. */
    private static List<String> names(JsonNode list, String below) {
        List<String> names = new ArrayList<>();
        for (JsonNode each : list) {
            JsonNode argument = below.isEmpty() ? each : each.path(below);
            if (argument.has("as_tensor")) {
                names.add(argument.path("as_tensor").path("name").asText());
            }
            argument.path("as_tensors").forEach(t -> names.add(t.path("name").asText()));
        }
        return names;
    }

    /** Names of values stand in as_tensor, as_tensors and as_sym_*; inner graphs are left to their own turn. */
    private static void rename(JsonNode json, Map<String, String> renamed, String prefix) {
        for (JsonNode each : json) {
            JsonNode argument = each.has("arg") ? each.path("arg") : each;
            rename(argument.path("as_tensor"), "name", renamed, prefix);
            argument.path("as_tensors").forEach(t -> rename(t, "name", renamed, prefix));
            for (String kind : List.of("as_sym_int", "as_sym_bool", "as_sym_float")) {
                rename(argument.path(kind), "as_name", renamed, prefix);
            }
            argument.path("as_sym_ints").forEach(s -> rename(s, "as_name", renamed, prefix));
        }
    }

    private static void rename(JsonNode value, String field, Map<String, String> renamed, String prefix) {
        if (value instanceof ObjectNode object && value.path(field).isTextual()) {
            String name = value.path(field).asText();
            object.put(field, renamed.getOrDefault(name, prefix + name));
        }
    }

    private static JsonNode alias(JsonNode like, String from, String to) {
        ObjectNode node = ((ObjectNode) like).objectNode();
        node.put("target", "torch.ops.aten.alias.default");
        node.put("name", to);
        node.set("metadata", like.path("metadata"));
        ArrayNode inputs = node.putArray("inputs");
        ObjectNode input = inputs.addObject();
        input.put("name", "self");
        input.putObject("arg").putObject("as_tensor").put("name", from);
        node.putArray("outputs").addObject().putObject("as_tensor").put("name", to);
        return node;
    }
}
