package quantscope.format.pt2;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * The names of the values that an operation of the file makes and reads.
 *
 * @param json the operation
 */
record ValueNames(JsonNode json) {

    /** The names of everything it makes, in order. */
    List<String> outputs() {
        List<String> names = new ArrayList<>();
        for (JsonNode output : json.path("outputs")) {
            for (String kind : List.of("as_sym_int", "as_sym_float", "as_sym_bool")) {
                if (output.path(kind).path("as_name").isTextual()) {
                    names.add(output.path(kind).path("as_name").asText());
                }
            }
            if (output.path("as_tensor").path("name").isTextual()) {
                names.add(output.path("as_tensor").path("name").asText());
            }
            output.path("as_tensors").forEach(t -> names.add(t.path("name").asText()));
        }
        return names;
    }

    /** The file's names of all tensors that the operation reads. */
    List<String> tensors() {
        List<String> found = new ArrayList<>();
        for (JsonNode input : json.path("inputs")) {
            JsonNode arg = input.path("arg");
            if (arg.has("as_tensor")) {
                found.add(arg.path("as_tensor").path("name").asText());
            }
            for (JsonNode tensor : arg.path("as_tensors")) {
                found.add(tensor.path("name").asText());
            }
            for (JsonNode tensor : arg.path("as_optional_tensors")) {
                found.add(tensor.path("as_tensor").path("name").asText());
            }
        }
        found.removeIf(String::isEmpty);
        return found;
    }

    /** The file's names of all values that the operation reads, symbolic sizes included. */
    List<String> all() {
        List<String> found = new ArrayList<>(tensors());
        for (JsonNode input : json.path("inputs")) {
            JsonNode arg = input.path("arg");
            found.add(arg.path("as_sym_int").path("as_name").asText());
            arg.path("as_sym_ints").forEach(s -> found.add(s.path("as_name").asText()));
        }
        found.removeIf(String::isEmpty);
        return found;
    }
}
