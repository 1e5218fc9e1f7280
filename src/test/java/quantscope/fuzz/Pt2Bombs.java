package quantscope.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Programs of torch.export that mean very much: long chains behind the last node, and constants of enormous sizes. */
final class Pt2Bombs {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Pt2Bombs() { }

    static List<Mutation> all() {
        return List.of(Mutation.of("bombs", (file, others, random) -> bomb(file, random)));
    }

    private static byte[] bomb(byte[] file, Random random) {
        JsonNode program;
        try {
            program = MAPPER.readTree(file);
        } catch (IOException e) {
            return file;
        }
        JsonNode graph = program.path("graph_module").path("graph");
        JsonNode last = graph.path("outputs").path(0).path("as_tensor").path("name");
        if (!(graph.path("nodes") instanceof ArrayNode nodes) || !last.isTextual()) {
            return file;
        }
        String value = last.asText();
        int kind = random.nextInt(4);
        int many = 1 << random.nextInt(kind == 0 ? 12 : 7);
        for (int i = 0; i < many; i++) {
            String before = value;
            value = "bomb_" + i;
            switch (kind) {
                case 0 -> node(nodes, "relu.default", value, "self", before);
                case 1 -> node(nodes, "add.Tensor", value, "self", before, "other", before);
                case 2 -> {
                    sizes(node(nodes, "full.default", "full_" + i), "size", 1 << random.nextInt(25));
                    node(nodes, "add.Tensor", value, "self", before, "other", "full_" + i);
                }
                default -> sizes(node(nodes, "view.default", value, "self", before), "size", Interesting.number(random),
                        Interesting.number(random));
            }
        }
        String end = value;
        replace(graph.path("outputs"), last.asText(), end);
        replace(program.path("graph_module").path("signature").path("output_specs"), last.asText(), end);
        return program.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode node(ArrayNode nodes, String target, String output, String... namesAndInputs) {
        ObjectNode node = nodes.addObject();
        node.put("target", "torch.ops.aten." + target);
        ArrayNode inputs = node.putArray("inputs");
        for (int i = 0; i < namesAndInputs.length; i += 2) {
            ObjectNode input = inputs.addObject();
            input.put("name", namesAndInputs[i]);
            input.putObject("arg").putObject("as_tensor").put("name", namesAndInputs[i + 1]);
        }
        node.putArray("outputs").addObject().putObject("as_tensor").put("name", output);
        node.putObject("metadata");
        return node;
    }

    private static void sizes(ObjectNode node, String name, long... sizes) {
        ObjectNode input = ((ArrayNode) node.path("inputs")).addObject();
        input.put("name", name);
        ArrayNode list = input.putObject("arg").putArray("as_ints");
        for (long size : sizes) {
            list.add(size);
        }
        if (name.equals("size") && node.path("target").asText().contains("full")) {
            ObjectNode fill = ((ArrayNode) node.path("inputs")).addObject();
            fill.put("name", "fill_value");
            fill.putObject("arg").put("as_float", 1.5);
        }
    }

    private static void replace(JsonNode json, String name, String other) {
        if (json instanceof ObjectNode object && object.path("name").asText().equals(name)) {
            object.put("name", other);
        }
        json.forEach(child -> replace(child, name, other));
    }
}
