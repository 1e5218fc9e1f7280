package quantscope.format.pt2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Rewrites a program of an older schema (torch/_export/serde/schema.py) to the newest one's form.
 *
 * <p>Schemas 1 to 4 write each union with a null for every alternative that it is not, and an empty list of integers as
 * one of truth values. Schema 1 wraps what it says of a tensor into {@code meta}, has a signature of maps, and keeps
 * constants in the graph.
 */
final class Upgrade {

    private static final JsonNodeFactory NEW = JsonNodeFactory.instance;

    private Upgrade() { }

    /** @return a new tree; the old one is left as it was */
    static JsonNode apply(JsonNode program) {
        JsonNode plain = withoutNulls(program);
        if (plain.path("graph_module") instanceof ObjectNode module && module.path("graph") instanceof ObjectNode graph
                && module.path("signature") instanceof ObjectNode signature && !signature.has("input_specs")) {
            module.set("signature", lists(signature, graph));
        }
        return plain;
    }

    private static JsonNode withoutNulls(JsonNode json) {
        if (json instanceof ObjectNode object) {
            ObjectNode copy = NEW.objectNode();
            object.properties().forEach(field -> put(copy, field));
            return copy;
        }
        if (json instanceof ArrayNode array) {
            ArrayNode copy = NEW.arrayNode();
            array.forEach(element -> copy.add(withoutNulls(element)));
            return copy;
        }
        return json;
    }

    private static void put(ObjectNode copy, Map.Entry<String, JsonNode> field) {
        JsonNode value = field.getValue();
        if (value.isNull()) {
            return;
        }
        switch (field.getKey()) {
            case "as_bools" -> copy.set(value.isEmpty() ? "as_ints" : "as_bools", withoutNulls(value));
            case "as_optional_tensors" -> copy.set("as_optional_tensors", optionalTensors(value));
            case "tensor_values" -> copy.set("tensor_values", unwrapped(value));
            default -> copy.set(field.getKey(), withoutNulls(value));
        }
    }

    private static JsonNode optionalTensors(JsonNode list) {
        ArrayNode tensors = NEW.arrayNode();
        for (JsonNode each : list) {
            JsonNode tensor = each.path("as_tensor");
            tensors.add(tensor.isTextual()
                    ? NEW.objectNode().set("as_tensor", NEW.objectNode().set("name", tensor)) : withoutNulls(each));
        }
        return tensors;
    }

    private static JsonNode unwrapped(JsonNode values) {
        ObjectNode unwrapped = NEW.objectNode();
        values.properties().forEach(value -> unwrapped.set(value.getKey(), withoutNulls(
                value.getValue().path("meta").isObject() ? value.getValue().path("meta") : value.getValue())));
        return unwrapped;
    }

    /** Schema 1's maps from names as the lists of later ones. */
    private static ObjectNode lists(ObjectNode signature, ObjectNode graph) {
        ObjectNode lists = NEW.objectNode();
        ArrayNode inputs = lists.putArray("input_specs");
        for (String name : names(graph.path("inputs"))) {
            JsonNode parameter = signature.path("inputs_to_parameters").path(name);
            JsonNode buffer = signature.path("inputs_to_buffers").path(name);
            if (parameter.isTextual()) {
                spec(inputs, "parameter", name, parameter);
            } else if (buffer.isTextual()) {
                spec(inputs, "buffer", name, buffer);
            } else {
                inputs.addObject().putObject("user_input").putObject("arg").putObject("as_tensor").put("name", name);
            }
        }
        graph.path("constants").properties().forEach(constant ->
                spec(inputs, "tensor_constant", constant.getKey(), NEW.textNode(constant.getKey())));
        ArrayNode outputs = lists.putArray("output_specs");
        for (JsonNode name : signature.path("user_outputs")) {
            outputs.addObject().putObject("user_output").putObject("arg").putObject("as_tensor").set("name", name);
        }
        return lists;
    }

    private static void spec(ArrayNode inputs, String kind, String name, JsonNode weight) {
        ObjectNode spec = inputs.addObject().putObject(kind);
        spec.putObject("arg").put("name", name);
        spec.set(kind + "_name", weight);
    }

    private static List<String> names(JsonNode arguments) {
        List<String> names = new ArrayList<>();
        arguments.forEach(a -> names.add(a.path("as_tensor").path("name").asText()));
        return names;
    }
}
