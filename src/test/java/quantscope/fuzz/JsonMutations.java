package quantscope.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Changes values, types and places of a JSON document, which stays one; or nests it too deeply, or writes absurd numbers. */
final class JsonMutations {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonNodeFactory NEW = JsonNodeFactory.instance;

    private JsonMutations() { }

    static List<Mutation> all() {
        return List.of(Mutation.of("JSON values", (file, others, random) -> values(file, random)),
                Mutation.of("JSON as text", (file, others, random) -> text(file, random)));
    }

    private static byte[] values(byte[] file, Random random) {
        JsonNode json;
        try {
            json = MAPPER.readTree(file);
        } catch (IOException e) {
            return file;
        }
        List<JsonNode> containers = new ArrayList<>();
        collect(json, containers);
        if (containers.isEmpty()) {
            return file;
        }
        for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
            edit(containers, random);
        }
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void edit(List<JsonNode> containers, Random random) {
        JsonNode within = containers.get(random.nextInt(containers.size()));
        if (within.isEmpty()) {
            return;
        }
        int at = random.nextInt(within.size());
        int kind = random.nextInt(5);
        switch (within) {
            case ObjectNode object -> {
                String name = new ArrayList<>(object.properties()).get(at).getKey();
                switch (kind) {
                    case 0 -> object.remove(name);
                    case 1 -> object.set(Interesting.text(random), object.remove(name));
                    default -> object.set(name, value(object.get(name), containers, random));
                }
            }
            case ArrayNode array -> {
                switch (kind) {
                    case 0 -> array.remove(at);
                    case 1 -> array.insert(at, array.get(at).deepCopy());
                    default -> array.set(at, value(array.get(at), containers, random));
                }
            }
            default -> throw new IllegalStateException("no container: " + within.getNodeType());
        }
    }

    private static JsonNode value(JsonNode old, List<JsonNode> containers, Random random) {
        return switch (random.nextInt(old.isContainerNode() ? 9 : 6)) {
            case 0, 1 -> NEW.numberNode(Interesting.number(random));
            case 2 -> NEW.textNode(Interesting.text(random));
            case 3 -> random.nextBoolean() ? NEW.nullNode() : NEW.booleanNode(random.nextBoolean());
            case 4 -> random.nextBoolean() ? NEW.numberNode(BigInteger.ONE.shiftLeft(random.nextInt(300)))
                    : NEW.numberNode(Double.longBitsToDouble(random.nextLong()) * 0.5 + 0.25);
            // A copy from elsewhere in the document, most of them of a right form in a wrong place.
            default -> {
                JsonNode from = containers.get(random.nextInt(containers.size()));
                JsonNode copy = from.isEmpty() || random.nextBoolean() ? from : from.elements().next();
                yield copy.toString().length() < 100_000 ? copy.deepCopy() : NEW.objectNode();
            }
        };
    }

    private static void collect(JsonNode json, List<JsonNode> to) {
        if (json.isContainerNode() && to.size() < 100_000) {
            to.add(json);
            json.forEach(child -> collect(child, to));
        }
    }

    /** Beyond what a tree of values can hold. */
    private static byte[] text(byte[] file, Random random) {
        String text = new String(file, StandardCharsets.UTF_8);
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            if (":,[{".indexOf(text.charAt(i)) >= 0) {
                places.add(i + 1);
            }
        }
        int at = places.isEmpty() ? 0 : places.get(random.nextInt(places.size()));
        int many = 1 << random.nextInt(18);
        String insert = switch (random.nextInt(8)) {
            case 0 -> "[".repeat(many) + "]".repeat(many);
            case 1 -> "[".repeat(many);
            case 2 -> "{\"a\":".repeat(Math.min(many, 1 << 15));
            case 3 -> "9".repeat(many);
            case 4 -> "1e" + Interesting.number(random);
            case 5 -> "\"" + "\\u0000".repeat(Math.min(many, 1 << 15)) + "\",";
            case 6 -> "[]" + ",[]".repeat(Math.min(many, 1 << 16));
            default -> "NaN,";
        };
        return (text.substring(0, at) + insert + text.substring(at)).getBytes(StandardCharsets.UTF_8);
    }
}
