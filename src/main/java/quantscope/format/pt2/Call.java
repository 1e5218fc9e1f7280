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

    private final JsonNode json;
    private final ValueNames names;
    private final Map<String, Slot> slots;
    private final java.nio.file.Path file;

    Call(JsonNode json, Map<String, Slot> slots, java.nio.file.Path file) {
        this.json = json;
        this.names = new ValueNames(json);
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

    /** Whether the operation overwrites its first tensor: its name ends in an underscore. */
    boolean inPlace() {
        return target().startsWith("torch.ops.") && operator().endsWith("_") && !operator().endsWith("__");
    }

    /** The names of everything it makes, in order. */
    List<String> outputs() {
        return names.outputs();
    }

    /** Whether it makes tensors, and not symbolic numbers. */
    boolean makesTensors() {
        JsonNode first = json.path("outputs").path(0);
        return first.has("as_tensor") || first.has("as_tensors");
    }

    Optional<String> firstOutput() {
        return outputs().stream().findFirst();
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

    /** The file's name of the tensor that an argument is; empty where it is none. */
    Optional<String> tensorName(String name) {
        return argument(name).map(a -> a.path("as_tensor").path("name")).filter(JsonNode::isTextual)
                .map(JsonNode::asText);
    }

    /** The file's names of all tensors that the operation reads. */
    List<String> tensorNames() {
        return names.tensors();
    }

    /** The file's names of the tensors of a list that may leave some out. */
    List<Optional<String>> optionalNames(String name) throws ModelFormatException {
        List<Optional<String>> found = new ArrayList<>();
        JsonNode arg = argument(name).orElseThrow(() -> error("argument " + name + " is missing"));
        for (JsonNode tensor : arg.path("as_tensors")) {
            found.add(Optional.of(tensor.path("name").asText()));
        }
        for (JsonNode tensor : arg.path("as_optional_tensors")) {
            found.add(Optional.of(tensor.path("as_tensor").path("name").asText()).filter(n -> !n.isEmpty()));
        }
        return found;
    }

    /** The file's names of all values that the operation reads, symbolic sizes included. */
    List<String> allNames() {
        return names.all();
    }

    Slot tensor(String name) throws ModelFormatException {
        return tensors(name).getFirst();
    }

    /** A tensor, or a plain number as a scalar; integers stay integers. */
    Slot operand(String name) throws ModelFormatException {
        JsonNode arg = argument(name).orElseThrow(() -> error("argument " + name + " is missing"));
        if (arg.has("as_tensor")) {
            return tensor(name);
        }
        return new Slot.Fixed(arg.path("as_int").canConvertToLong() && arg.path("as_int").isIntegralNumber()
                ? Known.Longs.scalar(arg.path("as_int").asLong()) : Known.scalar((float) number(name, 0)));
    }

    Slot slot(String name) throws ModelFormatException {
        Slot slot = slots.get(name);
        if (slot == null) {
            throw error("reads " + name + ", which nothing before it makes");
        }
        return slot;
    }

    /**
     * A number, a truth value as 0 or 1, or the only element of a fixed tensor.
     *
     * @throws NotSupportedException for a tensor of several elements or one that depends on the input
     */
    double number(String name, double missing) throws ModelFormatException {
        Optional<JsonNode> arg = argument(name);
        if (arg.isEmpty()) {
            return missing;
        }
        JsonNode value = arg.get();
        if (value.has("as_tensor")) {
            if (tensor(name) instanceof Slot.Fixed f && f.value().shape().elements() == 1) {
                return f.value().floats().data()[0];
            }
            throw new NotSupportedException("Its " + name + " is a tensor, the program computes it with a number only.");
        }
        for (String kind : List.of("as_float", "as_int")) {
            if (value.path(kind).isNumber()) {
                return value.path(kind).asDouble();
            }
        }
        if (value.path("as_bool").isBoolean()) {
            return value.path("as_bool").asBoolean() ? 1 : 0;
        }
        if (value.has("as_sym_int")) {
            return symbolic(value.path("as_sym_int"));
        }
        return switch (value.path("as_float").asText()) {
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw error("argument " + name + " is " + value + ", expected a number");
        };
    }

    int integer(String name, int missing) throws ModelFormatException {
        List<Long> values = integers(name);
        if (values.size() > 1 || values.isEmpty() && has(name)) {
            throw error("argument " + name + " has " + values.size() + " values, expected 1");
        }
        return values.isEmpty() ? missing : Math.toIntExact(values.getFirst());
    }

    /** One value for height and one for width; a single one is for both. */
    int[] pair(String name, int missing) throws ModelFormatException {
        if (!has(name) || !text(name, "").isEmpty()) {
            return new int[] {missing, missing};
        }
        List<Long> values = integers(name);
        if (values.isEmpty() || values.size() > 2) {
            throw error("argument " + name + " has " + values.size() + " values, expected 1 or 2");
        }
        return new int[] {Math.toIntExact(values.getFirst()), Math.toIntExact(values.getLast())};
    }

    /** The element type that the operation converts to, where it says one. */
    Optional<Dtype> dtype(String name) {
        return argument(name).flatMap(a -> Dtype.of(a.path("as_scalar_type").asInt(-1)));
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
            if (!value.canConvertToLong()) {
                throw error("argument " + name + " holds " + value + ", expected integers");
            }
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

    /** A list of numbers; a single number is a list of one. */
    List<Double> numbers(String name) throws ModelFormatException {
        List<Double> found = new ArrayList<>();
        Optional<JsonNode> arg = argument(name);
        if (arg.isEmpty() || !arg.get().path("as_floats").isArray()) {
            for (long value : arg.isPresent() && !arg.get().has("as_float") ? integers(name) : List.<Long>of()) {
                found.add((double) value);
            }
            if (arg.isPresent() && arg.get().has("as_float")) {
                found.add(number(name, 0));
            }
            return found;
        }
        for (JsonNode value : arg.get().path("as_floats")) {
            if (!value.isNumber()) {
                throw error("argument " + name + " holds " + value + ", expected numbers");
            }
            found.add(value.asDouble());
        }
        return found;
    }

    private long symbolic(JsonNode value) throws ModelFormatException {
        if (value.path("as_int").isNumber()) {
            return value.path("as_int").asLong();
        }
        return switch (slot(value.path("as_name").asText())) {
            case Slot.Number n -> n.value();
            case Slot.Lost l -> throw new NotSupportedException(l.reason());
            case Slot.Fixed f -> throw error("the size " + value + " is a tensor");
            case Slot.Layer l -> throw error("the size " + value + " is a tensor");
            case Slot.Padded p -> throw error("the size " + value + " is a tensor");
        };
    }

    ModelFormatException error(String detail) {
        return new ModelFormatException(file, name() + " (" + target() + ")", detail + "; export the model again");
    }
}
