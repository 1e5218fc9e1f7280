package quantscope.format.pt2;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Allowance;
import quantscope.format.fold.FoldException;
import quantscope.format.fold.Known;
import quantscope.graph.Graph;
import quantscope.graph.InvalidGraphException;
import quantscope.graph.ModuleUse;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.task.Cancellation;
import quantscope.tensor.Shape;

/** Builds the graph from model.json's nodes. */
final class ImportGraph {

    /** Arguments of forward that are no tensors; what was given for them is written into the graph. */
    private static final Set<String> CONSTANTS = Set.of("as_none", "as_int", "as_float", "as_bool", "as_string");
    private static final Set<String> PADS = Set.of("aten.pad", "aten.constant_pad_nd");

    private final Path file;
    private final Program program;
    private final ArchivedTensors weights;
    private final InputShapes inputShapes;
    private final Layers layers;
    private final Map<String, Slot> slots = new HashMap<>();
    private final Aliases aliases = new Aliases();
    private final LayerNames names = new LayerNames();
    private final Operands operands;
    private final LowerCall lowering;
    private final FoldMaking makers;
    private final ResponseNorms norms;
    private final Allowance allowance = new Allowance();
    private final List<String> notes;

    ImportGraph(Path file, String name, Program program, ArchivedTensors weights, InputShapes inputShapes, List<String> notes) {
        this.file = file;
        this.program = program;
        this.weights = weights;
        this.inputShapes = inputShapes;
        this.layers = new Layers(file, name);
        this.notes = notes;
        this.operands = new Operands(layers::node, layers::constant, layers::step, new FileValues(program, inputShapes));
        this.lowering = new LowerCall(operands);
        this.makers = new FoldMaking(operands);
        this.norms = new ResponseNorms(program.nodes(), program.readers());
    }

    Graph run(Cancellation cancellation) throws ModelFormatException, IOException {
        for (JsonNode spec : program.inputs()) {
            for (Map.Entry<String, JsonNode> kind : spec.properties()) {
                input(kind.getKey(), kind.getValue());
            }
        }
        countNames();
        for (JsonNode json : program.nodes()) {
            cancellation.check();
            operation(new Call(json, slots, file));
        }
        return layers.build(outputs());
    }

    private void input(String kind, JsonNode value) throws ModelFormatException, IOException {
        JsonNode arg = value.path("arg");
        String name = arg.path("as_tensor").path("name").asText(arg.path("name").asText());
        if (!name.isEmpty() && slots.containsKey(name)) {
            throw new ModelFormatException(file, "input " + name, "is there twice; export the model again");
        }
        switch (kind) {
            case "parameter" -> fixed(name, value.path("parameter_name").asText());
            case "buffer" -> fixed(name, value.path("buffer_name").asText());
            case "tensor_constant" -> fixed(name, value.path("tensor_constant_name").asText());
            case "constant_input" -> { }
            case "user_input" -> {
                if (CONSTANTS.stream().anyMatch(arg::has)) {
                    return;
                }
                if (name.isEmpty()) {
                    throw new ModelFormatException(file, "an input", "is no tensor (" + arg
                            + "); export a network that takes images only");
                }
                Op.Input input = new Op.Input(inputShapes.of(name, program.value(name)));
                slots.put(name, new Slot.Layer(layers.input(name, input).name()));
            }
            default -> throw new ModelFormatException(file, "input " + name, "is a " + kind
                    + ", expected a parameter, a buffer, a constant or an image");
        }
    }

    private void fixed(String name, String weight) throws ModelFormatException, IOException {
        if (program.isRead(name)) {
            Known tensor = weights.get(weight);
            allowance.grant(tensor);
            slots.put(name, new Slot.Fixed(tensor));
        }
    }

    /** Names need the number of operations in each module, of those that depend on the input. */
    private void countNames() {
        Set<String> varying = new LinkedHashSet<>();
        slots.forEach((name, slot) -> {
            if (slot instanceof Slot.Layer) {
                varying.add(name);
            }
        });
        for (JsonNode json : program.nodes()) {
            Call call = new Call(json, slots, file);
            String operator = plain(call);
            String output = call.firstOutput().orElse("");
            if (call.makesTensors() && call.tensorNames().stream().anyMatch(varying::contains)) {
                varying.addAll(call.outputs());
                boolean layer = !norms.isPart(output) && !LowerCall.ALIASES.contains(operator)
                        && !(PADS.contains(operator) && program.onlyConvolved(output)
                        && call.text("mode", "constant").equals("constant"));
                if (layer) {
                    names.count(Place.of(call.metadata()), named(output, operator));
                }
            }
        }
    }

    private void operation(Call call) throws ModelFormatException {
        List<String> outputs = call.outputs();
        if (outputs.isEmpty() || norms.isPart(outputs.getFirst())) {
            return;
        }
        for (String output : outputs) {
            if (slots.containsKey(output)) {
                throw call.error("makes " + output + ", which is there already");
            }
        }
        String output = outputs.getFirst();
        String operator = plain(call);
        Place place = Place.of(call.metadata());
        layers.begin(names.name(place, named(output, operator)), place.origin(call.name(), call.target()));
        Lowered lowered;
        try {
            lowered = lower(call, operator, output);
            for (Known folded : lowered instanceof Lowered.Folded f ? List.of(f.value())
                    : lowered instanceof Lowered.FoldedParts f ? f.values() : List.<Known>of()) {
                allowance.take(folded, fixedOperands(call));
            }
        } catch (NotSupportedException e) {
            unsupported(call, operator, e.getMessage());
            return;
        } catch (FoldException | InvalidGraphException | ArithmeticException | IllegalArgumentException e) {
            throw call.error(e.getMessage());
        }
        switch (lowered) {
            case Lowered.Folded f -> slots.put(output, new Slot.Fixed(f.value()));
            case Lowered.FoldedParts f -> {
                for (int i = 0; i < Math.min(outputs.size(), f.values().size()); i++) {
                    slots.put(outputs.get(i), new Slot.Fixed(f.values().get(i)));
                }
            }
            case Lowered.Alias a -> slots.put(output, a.slot());
            case Lowered.Layer l -> layer(call, l, output);
            case Lowered.Several s -> several(call, s, outputs);
        }
        for (String other : outputs) {
            slots.putIfAbsent(other, new Slot.Lost(call.slot(output).source(),
                    "It reads a further result of " + call.target() + ", which the program does not compute."));
        }
        shareMemory(call, operator);
    }

    /** Results that nothing reads are left out, but for the first, which stands for the operation. */
    private void several(Call call, Lowered.Several several, List<String> outputs) throws ModelFormatException {
        if (several.layers().size() != outputs.size()) {
            throw call.error("has " + several.layers().size() + " results, but the file names " + outputs.size());
        }
        for (int i = 0; i < outputs.size(); i++) {
            if (i == 0 || program.isRead(outputs.get(i))) {
                layer(call, several.layers().get(i), outputs.get(i));
            }
        }
    }

    private List<Known> fixedOperands(Call call) throws ModelFormatException {
        List<Known> operands = new ArrayList<>();
        for (String name : call.tensorNames()) {
            if (call.slot(name) instanceof Slot.Fixed f) {
                operands.add(f.value());
            }
        }
        return operands;
    }

    private Lowered lower(Call call, String operator, String output) throws ModelFormatException {
        Optional<ResponseNorms.Found> norm = norms.endingIn(output);
        if (norm.isPresent() && call.slot(norm.get().input()) instanceof Slot.Layer l) {
            return new Lowered.Layer(norm.get().op(), l.node());
        }
        if (operator.equals("aten.sym_size")) {
            return new Lowered.Alias(Symbols.size(call, operands.shape(call.tensor("self"))));
        }
        if (!call.makesTensors() && call.tensorNames().isEmpty()) {
            return new Lowered.Alias(Symbols.compute(call));
        }
        for (String name : call.tensorNames()) {
            if (call.slot(name) instanceof Slot.Lost l) {
                throw new NotSupportedException(l.reason());
            }
        }
        boolean fixed = true;
        for (String name : call.tensorNames()) {
            fixed &= call.slot(name).source().isEmpty();
        }
        Optional<Known> made = makers.make(call, operator);
        if (made.isPresent()) {
            return new Lowered.Folded(made.get());
        }
        if (fixed && call.outputs().size() > 1 && call.tensor("self") instanceof Slot.Fixed f) {
            return new Lowered.FoldedParts(FoldMoves.pieces(call, operator, f.value()).orElseThrow(
                    () -> new NotSupportedException("The program cannot compute " + call.target() + " on parameters.")));
        }
        if (fixed) {
            return new Lowered.Folded(FoldCall.fold(call, operator).orElseThrow(() -> new NotSupportedException(
                    "The program cannot compute " + call.target() + " on parameters.")));
        }
        if (PADS.contains(operator) && call.tensor("self") instanceof Slot.Layer l
                && Pads.mayBeAbsorbed(call, program) && Pads.isImage(layers.node(l.node()))) {
            return new Lowered.Alias(Pads.of(call, layers.node(l.node())));
        }
        return lowering.lower(call, operator);
    }

    /** An in-place operation changes its input under all of the input's names. */
    private void shareMemory(Call call, String operator) {
        List<String> inputs = call.tensorNames();
        if (inputs.isEmpty()) {
            return;
        }
        String input = inputs.getFirst();
        call.outputs().forEach(output -> aliases.made(output, operator, call.inPlace(), input));
        if (call.inPlace()) {
            String output = call.outputs().getFirst();
            aliases.same(output).forEach(name -> slots.put(name, slots.get(output)));
            for (String view : aliases.views(output)) {
                Slot slot = slots.get(view);
                slots.put(view, new Slot.Lost(slot.source(), "It reads a view of a value that " + call.target()
                        + " overwrote; export run_decompositions() of the program, which has no in-place operations."));
            }
        }
    }

    /** Shows an operation that cannot run, with the shapes that the file says. */
    private void unsupported(Call call, String operator, String reason) throws ModelFormatException {
        notes.add(call.target() + " (" + call.name() + ")" + layers.origin().module().map(ModuleUse::path)
                .filter(path -> !path.isEmpty()).map(path -> " in " + path).orElse("")
                + layers.origin().source().map(s -> ", " + s.file() + ":" + s.line()).orElse("")
                + " is not supported; the network is shown but cannot run. " + reason);
        Set<String> inputs = new LinkedHashSet<>();
        for (String name : call.tensorNames()) {
            call.slot(name).source().ifPresent(inputs::add);
        }
        List<String> outputs = call.outputs();
        for (String output : outputs) {
            if (output.equals(outputs.getFirst()) || program.isRead(output)) {
                Optional<Shape> shape = inputShapes.declared(program.value(output));
                layer(call, new Lowered.Layer(new Op.Unsupported(call.target(), reason, shape), List.copyOf(inputs), List.of()),
                        output);
            }
        }
        shareMemory(call, operator);
    }

    private void layer(Call call, Lowered.Layer layer, String output) throws ModelFormatException {
        Node node = layers.add(layer);
        slots.put(output, new Slot.Layer(node.name()));
        Optional<Shape> declared = inputShapes.declared(program.value(output));
        if (declared.isPresent() && node.shape().isPresent() && !declared.get().equals(node.shape().get())) {
            throw call.error("its value has shape " + node.shape().get() + " by its inputs, but the file says "
                    + declared.get());
        }
    }

    private List<String> outputs() throws ModelFormatException {
        List<String> outputs = new ArrayList<>();
        for (String name : program.outputs()) {
            if (slots.get(name) instanceof Slot.Layer l) {
                outputs.add(l.node());
            } else {
                notes.add("The output " + name + " does not depend on the input, or is a second result; it is left out.");
            }
        }
        if (outputs.isEmpty()) {
            throw new ModelFormatException(file, "models/model.json",
                    "no output depends on the input; export a network that takes an image");
        }
        return outputs;
    }

    private String named(String output, String operator) {
        return norms.endingIn(output).isPresent() ? ResponseNorms.OPERATOR : operator;
    }

    /** In-place operations compute the same: aten.relu_ is aten.relu here, and an obstacle elsewhere. */
    private static String plain(Call call) {
        String operator = call.operator();
        return call.inPlace() ? operator.substring(0, operator.length() - 1) : operator;
    }
}
