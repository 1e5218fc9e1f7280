package quantscope.format.pt2;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.FoldException;
import quantscope.format.fold.Known;
import quantscope.graph.Graph;
import quantscope.graph.GraphBuilder;
import quantscope.graph.InvalidGraphException;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.Origin;
import quantscope.task.Cancellation;
import quantscope.tensor.Shape;

/** Builds the graph from model.json's nodes. */
final class ImportGraph {

    private final Path file;
    private final JsonNode graph;
    private final JsonNode signature;
    private final Weights weights;
    private final InputShapes inputShapes;
    private final GraphBuilder builder;
    private final Map<String, Call.Slot> slots = new HashMap<>();
    private final Map<String, Node> nodes = new HashMap<>();
    private final LayerNames names = new LayerNames();
    private final LowerCall lowering;
    private final ResponseNorms norms;
    private final List<String> notes;

    ImportGraph(Path file, String name, JsonNode module, Weights weights, InputShapes inputShapes, List<String> notes) {
        this.file = file;
        this.graph = module.path("graph");
        this.signature = module.path("signature");
        this.weights = weights;
        this.inputShapes = inputShapes;
        this.builder = new GraphBuilder(name);
        this.notes = notes;
        this.lowering = new LowerCall(nodes::get, this::constant, inputShapes::fixedBatch);
        this.norms = new ResponseNorms(graph.path("nodes"));
    }

    Graph run(Cancellation cancellation) throws ModelFormatException, IOException {
        inputs();
        Set<String> activations = countNames();
        if (activations.isEmpty()) {
            throw new ModelFormatException(file, "models/model.json", "has no operation on its input; export a network");
        }
        for (JsonNode json : graph.path("nodes")) {
            cancellation.check();
            operation(new Call(json, slots, file));
        }
        try {
            return builder.build(outputs());
        } catch (InvalidGraphException e) {
            throw new ModelFormatException(file, "", e.getMessage(), e);
        }
    }

    private void inputs() throws ModelFormatException, IOException {
        for (JsonNode spec : signature.path("input_specs")) {
            for (Map.Entry<String, JsonNode> kind : spec.properties()) {
                JsonNode value = kind.getValue();
                String name = value.path("arg").path("as_tensor").path("name").asText(value.path("arg").path("name").asText());
                switch (kind.getKey()) {
                    case "parameter" -> fixed(name, value.path("parameter_name").asText());
                    case "buffer" -> fixed(name, value.path("buffer_name").asText());
                    case "tensor_constant" -> fixed(name, value.path("tensor_constant_name").asText());
                    case "user_input" -> {
                        if (name.isEmpty()) {
                            throw new ModelFormatException(file, "an input", "is no tensor (" + value.path("arg")
                                    + "); export a network that takes images only");
                        }
                        Shape shape = inputShapes.of(name, graph.path("tensor_values").path(name));
                        add(builder.freeName(name), new Op.Input(shape), List.of(), Origin.of(name, "input"), name);
                    }
                    default -> throw new ModelFormatException(file, "input " + name, "is a " + kind.getKey()
                            + ", expected a parameter, a buffer, a constant or an image");
                }
            }
        }
    }

    private void fixed(String name, String weight) throws ModelFormatException, IOException {
        slots.put(name, new Call.Slot.Fixed(weights.get(weight)));
    }

    /** Names need the number of operations in each module, of those that depend on the input. */
    private Set<String> countNames() {
        Set<String> varying = new HashSet<>();
        slots.forEach((name, slot) -> {
            if (slot instanceof Call.Slot.Layer) {
                varying.add(name);
            }
        });
        Set<String> operations = new HashSet<>();
        for (JsonNode json : graph.path("nodes")) {
            if (json.path("inputs").findValuesAsText("name").stream().anyMatch(varying::contains)) {
                Call call = new Call(json, slots, file);
                call.firstOutput().ifPresent(varying::add);
                if (call.firstOutput().filter(norms::isPart).isPresent()) {
                    continue;
                }
                names.count(Place.of(call.metadata()), plain(call.operator()));
                operations.add(call.name());
            }
        }
        return operations;
    }

    private void operation(Call call) throws ModelFormatException {
        Optional<String> output = call.firstOutput();
        if (output.isEmpty()) {
            return;
        }
        if (norms.isPart(output.get())) {
            return;
        }
        String operator = plain(call.operator());
        if (slots.containsKey(output.get())) {
            throw call.error("makes " + output.get() + ", which is there already");
        }
        Optional<Lowered> lowered = norm(output.get());
        if (lowered.isEmpty()) {
            lowered = lower(call, operator);
        }
        switch (lowered.orElseGet(() -> unsupported(call))) {
            case Lowered.Folded f -> slots.put(output.get(), new Call.Slot.Fixed(f.value()));
            case Lowered.Alias a -> slots.put(output.get(), a.slot());
            case Lowered.Layer l -> layer(call, operator, l, output.get());
        }
    }

    private Optional<Lowered> norm(String output) {
        return norms.endingIn(output).filter(n -> slots.get(n.input()) instanceof Call.Slot.Layer)
                .map(n -> new Lowered.Layer(n.op(), List.of(((Call.Slot.Layer) slots.get(n.input())).node())));
    }

    private Optional<Lowered> lower(Call call, String operator) throws ModelFormatException {
        try {
            if (operator.equals("aten.sym_size")) {
                return Optional.of(new Lowered.Alias(symbolicSize(call)));
            }
            if (!reads(call)) {
                return FoldCall.fold(call, operator).map(Lowered.Folded::new);
            }
            return lowering.lower(call, operator);
        } catch (FoldException | ArithmeticException | IllegalArgumentException e) {
            throw call.error(e.getMessage());
        }
    }

    /** Whether the operation depends on the network's input. */
    private boolean reads(Call call) throws ModelFormatException {
        for (String name : call.tensorNames()) {
            if (call.slot(name) instanceof Call.Slot.Layer) {
                return true;
            }
        }
        return false;
    }

    private Call.Slot symbolicSize(Call call) throws ModelFormatException {
        int axis = call.integer("dim", 0);
        Shape shape = switch (call.tensor("self")) {
            case Call.Slot.Layer l -> nodes.get(l.node()).shape()
                    .orElseThrow(() -> call.error("asks for the size of a value whose shape is not known"));
            case Call.Slot.Fixed f -> f.value().shape();
            case Call.Slot.Number n -> throw call.error("asks for the size of a number");
        };
        return new Call.Slot.Number(shape.dim(axis));
    }

    private Lowered unsupported(Call call) {
        notes.add(call.target() + " (" + call.name() + ") is not supported; the network is shown but cannot run.");
        List<String> inputs = new ArrayList<>();
        for (String name : call.tensorNames()) {
            if (slots.get(name) instanceof Call.Slot.Layer l && !inputs.contains(l.node())) {
                inputs.add(l.node());
            }
        }
        Optional<Shape> shape = call.firstOutput().flatMap(o -> inputShapes.declared(graph.path("tensor_values").path(o)));
        return new Lowered.Layer(new Op.Unsupported(call.target(), "The program has no kernel for "
                + call.target() + " with these arguments.", shape), inputs);
    }

    private void layer(Call call, String operator, Lowered.Layer layer, String output) throws ModelFormatException {
        Place place = Place.of(call.metadata());
        String name = builder.freeName(names.name(place, operator));
        Node node = add(name, layer.op(), layer.inputs(), place.origin(call.name(), call.target()), output);
        Optional<Shape> declared = inputShapes.declared(graph.path("tensor_values").path(output));
        if (declared.isPresent() && node.shape().isPresent() && !declared.get().equals(node.shape().get())) {
            throw call.error("its value has shape " + node.shape().get() + " by its inputs, but the file says "
                    + declared.get());
        }
    }

    private Node add(String name, Op op, List<String> inputs, Origin origin, String output) throws ModelFormatException {
        try {
            Node node = builder.add(name, op, inputs, origin);
            nodes.put(name, node);
            slots.put(output, new Call.Slot.Layer(name));
            return node;
        } catch (InvalidGraphException e) {
            throw new ModelFormatException(file, origin.nodeName() + " (" + origin.operator() + ")",
                    e.getMessage() + "; export the model again", e);
        }
    }

    private String constant(Known value) {
        String name = builder.freeName("constant");
        nodes.put(name, builder.add(name, new Op.Constant(value.floats()), List.of(), Origin.of(name, "constant")));
        return name;
    }

    private List<String> outputs() throws ModelFormatException {
        List<String> outputs = new ArrayList<>();
        for (JsonNode output : graph.path("outputs")) {
            String name = output.path("as_tensor").path("name").asText();
            if (slots.get(name) instanceof Call.Slot.Layer l) {
                outputs.add(l.node());
            }
        }
        if (outputs.isEmpty()) {
            throw new ModelFormatException(file, "models/model.json", "no output depends on the input; export a network");
        }
        return outputs;
    }

    /** In-place operations compute the same: aten.relu_ is aten.relu here, and an obstacle elsewhere. */
    private static String plain(String operator) {
        return operator.endsWith("_") ? operator.substring(0, operator.length() - 1) : operator;
    }
}
