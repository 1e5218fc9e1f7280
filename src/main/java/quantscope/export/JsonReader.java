package quantscope.export;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** A place in a JSON document that hands out checked values and names the place when one is not as expected. */
final class JsonReader {

    private final String place;
    private final JsonNode node;

    private JsonReader(String place, JsonNode node) {
        this.place = place;
        this.node = node;
    }

    static JsonReader root(JsonNode node) throws ConfigurationException {
        return new JsonReader("", node).checkObject();
    }

    private JsonReader checkObject() throws ConfigurationException {
        if (!node.isObject()) {
            throw error("an object", node);
        }
        return this;
    }

    boolean has(String field) {
        return node.hasNonNull(field);
    }

    JsonReader object(String field) throws ConfigurationException {
        return at(field).checkObject();
    }

    Optional<JsonReader> optionalObject(String field) throws ConfigurationException {
        return has(field) ? Optional.of(object(field)) : Optional.empty();
    }

    /** The fields of this object, in the file's order, each an object itself. */
    Map<String, JsonReader> objects() throws ConfigurationException {
        Map<String, JsonReader> all = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            all.put(field.getKey(), at(field.getKey()).checkObject());
        }
        return all;
    }

    List<JsonReader> list(String field) throws ConfigurationException {
        JsonReader array = at(field);
        if (!array.node.isArray()) {
            throw array.error("a list", array.node);
        }
        List<JsonReader> items = new ArrayList<>();
        for (int i = 0; i < array.node.size(); i++) {
            items.add(new JsonReader(array.place + "/" + i, array.node.get(i)));
        }
        return items;
    }

    String text(String field) throws ConfigurationException {
        return at(field).text();
    }

    String text() throws ConfigurationException {
        if (!node.isTextual()) {
            throw error("a text", node);
        }
        return node.textValue();
    }

    boolean bool(String field) throws ConfigurationException {
        JsonReader value = at(field);
        if (!value.node.isBoolean()) {
            throw value.error("true or false", value.node);
        }
        return value.node.booleanValue();
    }

    int integer(String field) throws ConfigurationException {
        return at(field).integer();
    }

    int integer() throws ConfigurationException {
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw error("a whole number", node);
        }
        return node.intValue();
    }

    long wholeNumber(String field) throws ConfigurationException {
        JsonReader value = at(field);
        if (!value.node.isIntegralNumber() || !value.node.canConvertToLong()) {
            throw value.error("a whole number", value.node);
        }
        return value.node.longValue();
    }

    float number(String field) throws ConfigurationException {
        return at(field).number();
    }

    float number() throws ConfigurationException {
        if (!node.isNumber() || !Float.isFinite(node.floatValue())) {
            throw error("a number", node);
        }
        return node.floatValue();
    }

    float[] numbers(String field) throws ConfigurationException {
        List<JsonReader> items = list(field);
        float[] values = new float[items.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = items.get(i).number();
        }
        return values;
    }

    int[] integers(String field) throws ConfigurationException {
        List<JsonReader> items = list(field);
        int[] values = new int[items.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = items.get(i).integer();
        }
        return values;
    }

    /** One of a set of words. */
    <E> E word(String field, E[] choices, Function<E, String> name) throws ConfigurationException {
        JsonReader value = at(field);
        String word = value.text();
        for (E choice : choices) {
            if (name.apply(choice).equals(word)) {
                return choice;
            }
        }
        throw value.error("one of " + String.join(", ", Stream.of(choices).map(name).toList()), value.node);
    }

    ConfigurationException invalid(String detail) {
        return new ConfigurationException(place, detail);
    }

    private JsonReader at(String field) throws ConfigurationException {
        JsonNode value = node.get(field);
        if (value == null || value.isNull()) {
            throw new ConfigurationException(place + "/" + field, "is missing");
        }
        return new JsonReader(place + "/" + field, value);
    }

    private ConfigurationException error(String expected, JsonNode got) {
        String text = got.toString();
        return new ConfigurationException(place, "is " + (text.length() > 60 ? text.substring(0, 60) + "..." : text)
                + ", expected " + expected);
    }
}
