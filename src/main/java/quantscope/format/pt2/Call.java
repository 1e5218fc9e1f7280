package quantscope.format.pt2;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Known;

/**
 * One operation of the file with its arguments, looked up by their names in PyTorch's schema. What the file leaves out
 * has the schema's default, which the caller gives.
 */
final class Call {

    /** What a name of the file stands for. */
    sealed interface Slot {

        /** A tensor that depends on parameters alone. */
        record Fixed(Known value) implements Slot { }

        /** A node of the graph under construction. */
        record Layer(String node) implements Slot { }

        /** A symbolic integer whose value is known for one image. */
        record Number(long value) implements Slot { }
    }

    private final JsonNode json;
    private final Map<String, Slot> slots;
    private final java.nio.file.Path file;

    Call(JsonNode json, Map<String, Slot> slots, java.nio.file.Path file) {
        this.json = json;
        this.slots = slots;
        this.file = file;
    }

    /** Without the library and the overload: {@code aten.conv2d}; what is not torch.ops stays whole. */
    String operator() {
        return operator(target());
    }

    static String operator(String target) {
        if (!target.startsWith("torch.ops.")) {
            return target;
        }
        String name = target.substring("torch.ops.".length());
        int overload = name.lastIndexOf('.');
        return name.indexOf('.') < overload ? name.substring(0, overload) : name;
    }

    String target() {
        return json.path("target").asText();
    }

    String name() {
        return json.path("name").asText(firstOutput().orElse(target()));
    }

    JsonNode metadata() {
        return json.path("metadata");
    }

    Optional<String> firstOutput() {
        JsonNode output = json.path("outputs").path(0);
        for (String kind : List.of("as_tensor", "as_sym_int", "as_sym_float", "as_sym_bool")) {
            JsonNode name = kind.equals("as_tensor") ? output.path(kind).path("name") : output.path(kind).path("as_name");
            if (name.isTextual()) {
                return Optional.of(name.asText());
            }
        }
        JsonNode first = output.path("as_tensors").path(0).path("name");
        return first.isTextual() ? Optional.of(first.asText()) : Optional.empty();
    }

    private Optional<JsonNode> argument(String name) {
        for (JsonNode input : json.path("inputs")) {
            if (input.path("name").asText().equals(name) && !input.path("arg").has("as_none")) {
                return Optional.of(input.path("arg"));
            }
        }
        return Optional.empty();
    }

    boolean has(String name) {
        return argument(name).isPresent();
    }

    /** The tensors of an argument: one, or a list's. */
    List<Slot> tensors(String name) throws ModelFormatException {
        JsonNode arg = argument(name).orElseThrow(() -> error("argument " + name + " is missing"));
        List<Slot> found = new ArrayList<>();
        if (arg.has("as_tensor")) {
            found.add(slot(arg.path("as_tensor").path("name").asText()));
        }
        for (JsonNode tensor : arg.path("as_tensors")) {
            found.add(slot(tensor.path("name").asText()));
        }
        if (found.isEmpty()) {
            throw error("argument " + name + " is no tensor");
        }
        return found;
    }

    /** The file's names of all tensors that the operation reads. */
    List<String> tensorNames() {
        List<String> found = new ArrayList<>();
        for (JsonNode input : json.path("inputs")) {
            JsonNode arg = input.path("arg");
            if (arg.has("as_tensor")) {
                found.add(arg.path("as_tensor").path("name").asText());
            }
            for (JsonNode tensor : arg.path("as_tensors")) {
                found.add(tensor.path("name").asText());
            }
        }
        return found;
    }

    Slot tensor(String name) throws ModelFormatException {
        return tensors(name).getFirst();
    }

    /** A tensor, or a plain number as a scalar. */
    Slot operand(String name) throws ModelFormatException {
        JsonNode arg = argument(name).orElseThrow(() -> error("argument " + name + " is missing"));
        return arg.has("as_tensor") ? tensor(name) : new Slot.Fixed(Known.scalar((float) number(name, 0)));
    }

    Slot slot(String name) throws ModelFormatException {
        Slot slot = slots.get(name);
        if (slot == null) {
            throw error("reads " + name + ", which nothing before it makes");
        }
        return slot;
    }

    double number(String name, double missing) throws ModelFormatException {
        Optional<JsonNode> arg = argument(name);
        if (arg.isEmpty()) {
            return missing;
        }
        for (String kind : List.of("as_float", "as_int")) {
            if (arg.get().path(kind).isNumber()) {
                return arg.get().path(kind).asDouble();
            }
        }
        if (arg.get().has("as_float") && arg.get().path("as_float").isTextual()) {
            return Double.parseDouble(arg.get().path("as_float").asText().replace("inf", "Infinity"));
        }
        throw error("argument " + name + " is " + arg.get() + ", expected a number");
    }

    int integer(String name, int missing) throws ModelFormatException {
        return has(name) ? Math.toIntExact(integers(name).getFirst()) : missing;
    }

    boolean bool(String name, boolean missing) {
        return argument(name).map(a -> a.path("as_bool").asBoolean(missing)).orElse(missing);
    }

    String text(String name, String missing) {
        return argument(name).map(a -> a.path("as_string").asText(missing)).orElse(missing);
    }

    /** A list of integers, symbolic ones resolved; a single integer is a list of one. */
    List<Long> integers(String name) throws ModelFormatException {
        List<Long> found = new ArrayList<>();
        Optional<JsonNode> arg = argument(name);
        if (arg.isEmpty()) {
            return found;
        }
        JsonNode a = arg.get();
        if (a.path("as_int").isNumber()) {
            found.add(a.path("as_int").asLong());
        }
        for (JsonNode value : a.path("as_ints")) {
            found.add(value.asLong());
        }
        if (a.has("as_sym_int")) {
            found.add(symbolic(a.path("as_sym_int")));
        }
        for (JsonNode value : a.path("as_sym_ints")) {
            found.add(symbolic(value));
        }
        if (found.isEmpty() && !a.has("as_ints")) {
            throw error("argument " + name + " is " + a + ", expected integers");
        }
        return found;
    }

    private long symbolic(JsonNode value) throws ModelFormatException {
        if (value.path("as_int").isNumber()) {
            return value.path("as_int").asLong();
        }
        if (slot(value.path("as_name").asText()) instanceof Slot.Number n) {
            return n.value();
        }
        throw error("the symbolic size " + value + " is not known");
    }

    ModelFormatException error(String detail) {
        return new ModelFormatException(file, name() + " (" + target() + ")", detail + "; export the model again");
    }
}
