package quantscope.format.onnx;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Allowance;
import quantscope.format.fold.FoldException;
import quantscope.format.fold.Known;
import quantscope.format.fold.Moving;
import quantscope.format.onnx.OnnxFile.GraphPart;
import quantscope.format.onnx.OnnxFile.NodePart;
import quantscope.format.onnx.OnnxFile.TensorPart;
import quantscope.task.Cancellation;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** The values that do not depend on the network's input: initializers, constants, and what is computed of them. */
final class KnownValues {

    private final Path file;
    private final Folding folding;
    private final Map<String, TensorPart> initializers = new LinkedHashMap<>();
    private final Map<String, Known> values = new HashMap<>();
    private final Map<String, FloatTensor> transposed = new HashMap<>();
    private final Map<String, String> parameters = new HashMap<>();
    private final Map<String, ElementType> types = new HashMap<>();
    private final Map<String, KnownLevels> levels = new HashMap<>();
    private final TensorLoader loader;
    private final Allowance allowance = new Allowance();
    private int folded;

    KnownValues(Path file, GraphPart graph, Folding folding, TensorLoader loader) {
        this.file = file;
        this.folding = folding;
        this.loader = loader;
        graph.initializers().forEach(t -> initializers.put(t.name(), t));
    }

    boolean isInitializer(String value) {
        return initializers.containsKey(value);
    }

    Set<String> initializers() {
        return initializers.keySet();
    }

    /** Operators that were computed, Constants and shapes not counted. */
    int folded() {
        return folded;
    }

    /** The parameter that a value is or was computed of, for names; may be empty. */
    String parameter(String value) {
        return isInitializer(value) ? value : parameters.getOrDefault(value, "");
    }

    /** The element type of an integer value, where it is known. */
    Optional<ElementType> type(String value) {
        return Optional.ofNullable(types.get(value));
    }

    /** What a known value was dequantized of. */
    Optional<KnownLevels> levels(String value) {
        return Optional.ofNullable(levels.get(value));
    }

    boolean isKnown(String value) {
        return values.containsKey(value) || transposed.containsKey(value);
    }

    Optional<Known> find(String value) {
        FloatTensor other = transposed.get(value);
        if (other != null && !values.containsKey(value)) {
            values.put(value, Moving.transpose(Known.of(other), 1, 0));
        }
        return Optional.ofNullable(values.get(value));
    }

    /** The shape of a known value. */
    Optional<Shape> shape(String value) {
        FloatTensor other = transposed.get(value);
        return other != null ? Optional.of(Shape.of(other.shape().dim(1), other.shape().dim(0)))
                : Optional.ofNullable(values.get(value)).map(Known::shape);
    }

    /** A matrix [in,out] as the linear layers that alone read it want it, [out,in], where it was read so. */
    Optional<FloatTensor> transposed(String value) {
        return Optional.ofNullable(transposed.get(value));
    }

    /**
     * Loads the initializers and computes every node that depends on them alone, wherever it stands in the file.
     *
     * @return the other nodes
     */
    List<NodePart> foldAll(List<NodePart> nodes, Cancellation cancellation) throws ModelFormatException, IOException {
        Set<String> needed = new HashSet<>();
        nodes.forEach(n -> needed.addAll(n.inputs()));
        Set<String> matrices = new MatrixUses(nodes).only();
        for (TensorPart tensor : initializers.values()) {
            cancellation.check();
            if (needed.contains(tensor.name())) {
                boolean turned = matrices.contains(tensor.name()) && TensorLoader.isFloatMatrix(tensor);
                Known weights = turned ? Known.of(loader.loadTransposed(tensor)) : loader.load(tensor);
                allowance.grant(weights);
                if (turned) {
                    transposed.put(tensor.name(), weights.floats());
                } else {
                    values.put(tensor.name(), weights);
                }
                ElementType.of(tensor.type()).ifPresent(t -> types.put(tensor.name(), t));
            }
        }
        List<NodePart> rest = new ArrayList<>();
        for (NodePart node : nodes) {
            cancellation.check();
            if (!fold(node)) {
                rest.add(node);
            }
        }
        return rest;
    }

    /** Computes a node if all its inputs are known; false where they are not, or the operator is not computed. */
    boolean fold(NodePart node) throws ModelFormatException, IOException {
        boolean source = node.inputs().stream().allMatch(String::isEmpty);
        if (!node.domain().isEmpty() || node.outputs().isEmpty()
                || source && !node.operator().equals("Constant")) {
            return false;
        }
        List<Optional<Known>> inputs = new ArrayList<>();
        for (String input : node.inputs()) {
            Optional<Known> value = find(input);
            if (!input.isEmpty() && value.isEmpty()) {
                return false;
            }
            inputs.add(value);
        }
        try {
            if (node.operator().equals("DequantizeLinear") || node.operator().equals("QuantizeLinear")) {
                return foldLevels(node);
            }
            Optional<Known> result = folding.fold(node, inputs);
            if (result.isPresent()) {
                // Filled tensors, which may be a model's weights, have an allowance of their own.
                if (!node.operator().equals("ConstantOfShape")) {
                    allowance.take(result.get(), inputs.stream().flatMap(Optional::stream).toList());
                }
                put(node, result.get());
            }
            if (node.operator().equals("Constant") && node.attributes().containsKey("value")) {
                node.attributes().get("value").tensor().flatMap(t -> ElementType.of(t.type()))
                        .ifPresent(t -> types.put(node.outputs().getFirst(), t));
            }
            return result.isPresent();
        } catch (FoldException | ArithmeticException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new ModelFormatException(file, node.place(), "cannot be computed of its constant inputs: "
                    + e.getMessage() + "; export the model again", e);
        }
    }

    /** Weights stored as levels, or quantized here: levels and reals are both kept. */
    private boolean foldLevels(NodePart node) {
        String output = node.outputs().getFirst();
        if (node.operator().equals("QuantizeLinear")) {
            Optional<KnownLevels> made = KnownLevels.quantized(node, this);
            made.ifPresent(l -> {
                put(node, l.longs());
                types.put(output, l.type());
            });
            return made.isPresent();
        }
        Optional<KnownLevels> read = KnownLevels.of(node, this);
        read.ifPresent(l -> {
            put(node, Known.of(l.reals()));
            levels.put(output, l);
        });
        return read.isPresent();
    }

    void put(NodePart node, Known value) {
        values.put(node.outputs().getFirst(), value);
        node.inputs().stream().map(this::parameter).filter(p -> !p.isEmpty())
                .sorted((a, b) -> Boolean.compare(b.endsWith(".weight"), a.endsWith(".weight"))).findFirst()
                .ifPresent(p -> parameters.put(node.outputs().getFirst(), p));
        if (!node.operator().equals("Constant") && !node.operator().equals("Shape")) {
            folded++;
        }
    }
}
