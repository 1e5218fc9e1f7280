package quantscope.format.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.FoldException;
import quantscope.format.onnx.OnnxFile.GraphPart;
import quantscope.format.onnx.OnnxFile.NodePart;
import quantscope.format.onnx.OnnxFile.ValuePart;
import quantscope.format.fold.Known;
import quantscope.graph.Graph;
import quantscope.graph.GraphBuilder;
import quantscope.graph.InvalidGraphException;
import quantscope.graph.Op;
import quantscope.quant.Profile;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.Shape;

/** Turns an ONNX graph into the program's: folds what is known, translates the rest node by node. */
final class GraphImport {

    private static final int IMAGE_RANK = 4;
    private static final Set<String> SEVERAL_OUTPUTS = Set.of("Split", "DynamicQuantizeLinear");
    /** They take int8 layers for what they are. */
    private static final Set<String> ON_LEVELS = Set.of("DequantizeLinear", "QGemm", "ConvInteger", "MatMulInteger", "MaxPool",
            "GlobalMaxPool", "Reshape", "Flatten", "Transpose", "Squeeze", "Unsqueeze", "Slice", "Split", "Identity", "Dropout",
            "DepthToSpace", "SpaceToDepth", "Expand", "Tile", "Gather");

    private final Path file;
    private final OnnxFile model;
    private final GraphPart part;
    private final long opset;
    private final KnownValues knownValues;
    private final Map<String, Operator> operators = Operator.all();
    private final List<String> notes;
    private final GraphBuilder builder;
    private final GraphInputs graphInputs;
    private final LayerValues values;
    private final ValueShapes described;
    private final Map<String, List<NodePart>> readers = new HashMap<>();
    private final Set<Integer> absorbed = new HashSet<>();
    private final Set<String> outputs = new LinkedHashSet<>();
    private boolean mixesImages;

    GraphImport(Path file, OnnxFile model, GraphPart part, long opset, TensorLoader loader, List<String> notes) {
        this.file = file;
        this.model = model;
        this.part = part;
        this.opset = opset;
        this.notes = notes;
        this.knownValues = new KnownValues(file, part, new Folding(loader, opset), loader);
        this.builder = new GraphBuilder(part.name().isBlank() ? file.getFileName().toString() : part.name(),
                part.nodes().stream().anyMatch(GraphImport::quantizes) ? Profile.ONNXRUNTIME : Profile.FBGEMM);
        this.values = new LayerValues(file, builder, knownValues);
        this.graphInputs = new GraphInputs(file, model.metadata(), notes);
        this.described = new ValueShapes(part);
        part.outputs().forEach(v -> outputs.add(v.name()));
    }

    private static boolean quantizes(NodePart node) {
        return node.operator().equals("QuantizeLinear") || node.operator().equals("DequantizeLinear")
                || node.operator().startsWith("QLinear") || node.operator().equals("QGemm");
    }

    /** Takes the inputs' first axis for no batch. */
    GraphImport whole() {
        graphInputs.takeWhole();
        return this;
    }

    /** Whether operators were refused for a batch that is none: inputs that are no images, of several entries. */
    boolean hasNoBatch() {
        return mixesImages && batch() > 1 && part.inputs().stream().filter(i -> !knownValues.isInitializer(i.name()))
                .allMatch(i -> i.dims().filter(d -> d.size() != IMAGE_RANK).isPresent());
    }

    /** @throws ModelFormatException when the graph cannot be */
    Graph run(Progress progress, Cancellation cancellation) throws ModelFormatException, IOException {
        List<ValuePart> inputs = part.inputs().stream().filter(i -> !knownValues.isInitializer(i.name())).toList();
        Set<String> given = new HashSet<>(knownValues.initializers());
        inputs.forEach(i -> given.add(i.name()));
        List<NodePart> nodes = NodeOrder.of(file, part.nodes(), given, List.copyOf(outputs));
        if (nodes.size() < part.nodes().size()) {
            notes.add(part.nodes().size() - nodes.size() + " operators that lead to no output were left out.");
        }
        nodes.forEach(n -> new LinkedHashSet<>(n.inputs())
                .forEach(i -> readers.computeIfAbsent(i, v -> new ArrayList<>()).add(n)));
        List<NodePart> rest = knownValues.foldAll(nodes, cancellation);
        values.name(new NodeNames(rest, onTheWayToShapes(rest), knownValues::parameter));
        addInputs(inputs);
        for (int i = 0; i < rest.size(); i++) {
            cancellation.check();
            progress.update(i, rest.size(), "Building the graph");
            translate(rest.get(i));
        }
        if (knownValues.folded() > 0) {
            notes.add(knownValues.folded() + " operators on parameters and shapes alone were computed.");
        }
        return build();
    }

    /** Nodes that read known values and shapes alone; they become no layers where the shapes can be told. */
    private Set<Integer> onTheWayToShapes(List<NodePart> nodes) {
        Set<String> values = new HashSet<>();
        Set<Integer> found = new HashSet<>();
        for (NodePart node : nodes) {
            boolean only = node.operator().equals("Shape") || node.operator().equals("Size") || node.inputs().stream()
                    .allMatch(i -> i.isEmpty() || values.contains(i) || knownValues.isKnown(i));
            if (only) {
                found.add(node.index());
                values.addAll(node.outputs());
            }
        }
        return found;
    }

    private void addInputs(List<ValuePart> inputs) throws ModelFormatException {
        List<ValuePart> used = inputs.stream()
                .filter(i -> readers.containsKey(i.name()) || outputs.contains(i.name())).toList();
        if (used.isEmpty()) {
            throw new ModelFormatException(file, "graph " + part.name(),
                    "has no input that an operator reads, expected an image; export the model again");
        }
        for (ValuePart input : used) {
            Op op = new Op.Input(graphInputs.shape(input));
            values.addInput(input.name(), op, graphInputs.levels(input));
        }
    }

    private void translate(NodePart node) throws ModelFormatException, IOException {
        if (absorbed.contains(node.index()) || foldLate(node)) {
            return;
        }
        List<String> inUse = node.outputs().stream().filter(this::isUsed).toList();
        try {
            Operator operator = operator(node);
            if (!SEVERAL_OUTPUTS.contains(node.operator()) && !inUse.equals(List.of(node.outputs().getFirst()))) {
                throw new NotSupportedException(inUse.size() > 1 ? "several of its outputs are used"
                        : "its output " + inUse + " is used, only the first is supported");
            }
            Call call = new Call(this, node);
            requireReals(node);
            if (!Int8Patterns.translate(call, operator)) {
                operator.translate(call);
            }
        } catch (NotSupportedException e) {
            mixesImages |= e.mixesImages();
            addUnsupported(node, inUse, e.getMessage());
        } catch (FoldException e) {
            throw new ModelFormatException(file, node.place(), e.getMessage() + "; export the model again", e);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new ModelFormatException(file, node.place(), "has numbers out of range (" + e.getMessage()
                    + "); the file is damaged, export the model again", e);
        }
    }

    /** Shapes of values computed from the network's input are known, and what is computed from those. */
    private boolean foldLate(NodePart node) throws ModelFormatException, IOException {
        if (knownValues.fold(node)) {
            return true;
        }
        if (!node.domain().isEmpty() || node.inputs().isEmpty()) {
            return false;
        }
        switch (node.operator()) {
            case "Shape", "Size" -> {
                Optional<Shape> shape = builder.shape(values.source(node.inputs().getFirst())).map(this::asInTheFile);
                shape.ifPresent(s -> knownValues.put(node, node.operator().equals("Shape")
                        ? Folding.shape(s, Attributes.of(node)) : Known.Longs.scalar(s.elements())));
                return shape.isPresent();
            }
            // Everything that is computed is fp32.
            case "CastLike" -> {
                Optional<Known> value = knownValues.find(node.inputs().getFirst());
                value.ifPresent(v -> knownValues.put(node, Known.of(v.floats())));
                return value.isPresent();
            }
            default -> {
                return false;
            }
        }
    }

    /** With the file's own batch, where it is fixed. */
    private Shape asInTheFile(Shape shape) {
        return shape.rank() > 0 ? shape.with(0, Math.multiplyExact(shape.dim(0), batch())) : shape;
    }

    /** Arithmetic on levels as integers has no kernel here. */
    private void requireReals(NodePart node) throws NotSupportedException {
        for (String input : node.inputs()) {
            if (values.isInt8(input) && !ON_LEVELS.contains(node.operator())
                    && !node.operator().startsWith("QLinear")) {
                throw new NotSupportedException("it computes with 8-bit integers");
            }
        }
    }

    private Operator operator(NodePart node) throws NotSupportedException {
        Operator operator = operators.get((node.domain().isEmpty() ? "" : node.domain() + ":") + node.operator());
        if (operator == null) {
            throw new NotSupportedException(model.functions().contains(node.domain() + ":" + node.operator())
                    || model.functions().contains(node.operator())
                    ? "it is a function defined in the model; export the model with functions inlined"
                    : node.attributes().values().stream().anyMatch(OnnxFile.AttributePart::holdsGraph)
                    ? "it is control flow with graphs of its own"
                    : "the program does not know this operator");
        }
        return operator;
    }

    private void addUnsupported(NodePart node, List<String> inUse, String reason) throws ModelFormatException {
        List<String> sources = new ArrayList<>();
        for (String input : node.inputs()) {
            if (!input.isEmpty() && !knownValues.isKnown(input)) {
                sources.add(values.source(input));
            }
        }
        String operator = (node.domain().isEmpty() ? "" : node.domain() + ":") + node.operator();
        Optional<Shape> shape = inUse.size() == 1 ? described.find(inUse.getFirst(), batch()) : Optional.empty();
        String added = values.add(node, new Op.Unsupported(operator, reason, shape), sources);
        node.outputs().forEach(o -> values.bind(o, added));
        notes.add(added + " (" + operator + ") is not supported: " + reason + ".");
    }

    private Graph build() throws ModelFormatException {
        List<String> ends = new ArrayList<>();
        for (String output : outputs) {
            if (!values.has(output)) {
                throw new ModelFormatException(file, "output " + output,
                        "is made by no node; the file is incomplete, export the model again");
            }
            String layer = values.source(output);
            if (!ends.contains(layer)) {
                ends.add(layer);
            }
        }
        try {
            return builder.build(ends);
        } catch (InvalidGraphException e) {
            throw new ModelFormatException(file, "graph " + part.name(), e.getMessage(), e);
        }
    }

    // ---- what a Call asks for ----

    Path file() {
        return file;
    }

    long opset() {
        return opset;
    }

    int batch() {
        return graphInputs.batch();
    }

    boolean oneImage() {
        return graphInputs.oneImage();
    }

    /** The values that have layers, or will have when somebody reads them. */
    LayerValues values() {
        return values;
    }

    KnownValues knownValues() {
        return knownValues;
    }

    boolean isUsed(String value) {
        return !value.isEmpty() && (readers.containsKey(value) || outputs.contains(value));
    }

    /** Takes another node into the one that makes a value. */
    void absorb(NodePart other, String value) throws ModelFormatException {
        absorbed.add(other.index());
        values.bind(other.outputs().getFirst(), values.source(value));
    }

    Optional<NodePart> onlyReader(String value) {
        List<NodePart> all = readers.getOrDefault(value, List.of());
        return all.size() == 1 && !outputs.contains(value) ? Optional.of(all.getFirst()) : Optional.empty();
    }

    ModelFormatException error(NodePart node, String detail) {
        return new ModelFormatException(file, node.place(), detail);
    }
}
