package quantscope.format.pt2;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import quantscope.format.ModelFormatException;

/** model.json's graph, inner graphs inlined, with what is asked of it as a whole. */
final class Program {

    private static final Set<String> CONVOLUTIONS = Set.of("aten.conv2d", "aten.convolution");

    private final JsonNode graph;
    private final JsonNode signature;
    private final Map<String, Integer> readers = new HashMap<>();
    private final Set<String> readElsewhere = new HashSet<>();

    Program(Path file, JsonNode module) throws ModelFormatException {
        this.graph = InlineGraphs.apply(module.path("graph"), file);
        this.signature = module.path("signature");
        for (JsonNode node : nodes()) {
            Call call = new Call(node, Map.of(), file);
            for (String name : call.allNames()) {
                readers.merge(name, 1, Integer::sum);
                if (!CONVOLUTIONS.contains(call.operator()) || call.bool("transposed", false)
                        || !call.tensorName("input").filter(name::equals).isPresent()
                        || call.tensorName("weight").filter(name::equals).isPresent()) {
                    readElsewhere.add(name);
                }
            }
        }
        for (String name : outputs()) {
            readers.merge(name, 1, Integer::sum);
            readElsewhere.add(name);
        }
    }

    JsonNode nodes() {
        return graph.path("nodes");
    }

    JsonNode inputs() {
        return signature.path("input_specs");
    }

    /** What the file says of a value: its sizes and element type. */
    JsonNode value(String name) {
        return graph.path("tensor_values").path(name);
    }

    /** The user's outputs; outputs that only write back to buffers are none. */
    Set<String> outputs() {
        List<String> names = new ArrayList<>();
        for (JsonNode spec : signature.path("output_specs")) {
            names.add(spec.path("user_output").path("arg").path("as_tensor").path("name").asText());
        }
        if (signature.path("output_specs").isEmpty()) {
            graph.path("outputs").forEach(o -> names.add(o.path("as_tensor").path("name").asText()));
        }
        Set<String> tensors = new LinkedHashSet<>(names);
        tensors.remove("");
        return tensors;
    }

    /** How many times values are read, the graph's outputs included. */
    Map<String, Integer> readers() {
        return readers;
    }

    boolean isRead(String name) {
        return readers.containsKey(name);
    }

    /** Whether convolutions read a value as their image, and nothing else reads it. */
    boolean onlyConvolved(String name) {
        return isRead(name) && !readElsewhere.contains(name);
    }
}
