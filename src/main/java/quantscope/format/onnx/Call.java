package quantscope.format.onnx;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.format.WeightCheck;
import quantscope.format.fold.Known;
import quantscope.format.fold.Moving;
import quantscope.graph.Op;
import quantscope.quant.QuantParams;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** One node while it is turned into layers: its inputs and attributes, and the place where the layers go. */
final class Call {

    private final GraphImport graph;
    private final OnnxFile.NodePart node;
    private final Attributes attributes;
    private final boolean onLevels;

    Call(GraphImport graph, OnnxFile.NodePart node) {
        this(graph, node, false);
    }

    private Call(GraphImport graph, OnnxFile.NodePart node, boolean onLevels) {
        this.graph = graph;
        this.node = node;
        this.attributes = Attributes.of(node);
        this.onLevels = onLevels;
    }

    /** Another node, for looking at its inputs and attributes. */
    Call of(OnnxFile.NodePart other) {
        return new Call(graph, other, false);
    }

    /** The same node, with the int8 layers behind its dequantized inputs as sources. */
    Call onLevels() {
        return new Call(graph, node, true);
    }

    OnnxFile.NodePart node() {
        return node;
    }

    Attributes attributes() {
        return attributes;
    }

    long opset() {
        return graph.opset();
    }

    /** Images in the file's batch where it is fixed; 1 where it is open. */
    int batch() {
        return graph.batch();
    }

    /** Whether the file fixes the batch to one image. */
    boolean oneImage() {
        return graph.oneImage();
    }

    /** An axis as a not negative number. */
    int axis(String attribute, int otherwise, int rank) throws ModelFormatException {
        int given = attributes.integer(attribute, otherwise);
        int axis = given < 0 ? given + rank : given;
        if (axis < 0 || axis >= rank) {
            throw graph.error(node, attribute + " " + given + " is outside of rank " + rank);
        }
        return axis;
    }

    int inputs() {
        return node.inputs().size();
    }

    boolean has(int i) {
        return i < node.inputs().size() && !node.inputs().get(i).isEmpty();
    }

    boolean isKnown(int i) {
        return has(i) && graph.knownValues().isKnown(node.inputs().get(i));
    }

    /** An input that does not depend on the network's input. */
    Known known(int i, String what) throws NotSupportedException, ModelFormatException {
        if (!has(i)) {
            throw graph.error(node, "has no " + what + ", expected it as input " + i + "; export the model again");
        }
        return graph.knownValues().find(node.inputs().get(i)).orElseThrow(() -> new NotSupportedException(
                "its " + what + " is computed from the network's input, only constants are supported"));
    }

    /** Finite weights. */
    FloatTensor weights(int i, String what) throws NotSupportedException, ModelFormatException {
        FloatTensor weights = known(i, what).floats();
        WeightCheck.requireFinite(graph.file(), node.place() + ", " + what + " " + node.inputs().get(i), weights);
        return weights;
    }

    /** The shape of an input that does not depend on the network's input; empty where it does. */
    Optional<Shape> knownShape(int i) {
        return has(i) ? graph.knownValues().shape(node.inputs().get(i)) : Optional.empty();
    }

    /** Finite weights [in,out] of linear layers as [out,in]. */
    FloatTensor transposedWeights(int i, String what) throws NotSupportedException, ModelFormatException {
        Optional<FloatTensor> transposed = has(i) ? graph.knownValues().transposed(node.inputs().get(i)) : Optional.empty();
        // Of others, and for a message about the element as the file has it:
        return transposed.isPresent() && WeightCheck.isFinite(transposed.get()) ? transposed.get()
                : Moving.transpose(Known.of(weights(i, what, 2)), 1, 0).floats();
    }

    /** Weights of a given rank. */
    FloatTensor weights(int i, String what, int rank) throws NotSupportedException, ModelFormatException {
        FloatTensor weights = weights(i, what);
        if (weights.shape().rank() != rank) {
            throw graph.error(node, what + " " + weights.shape() + " has rank " + weights.shape().rank()
                    + ", expected " + rank + "; export the model again");
        }
        return weights;
    }

    Optional<FloatTensor> optionalWeights(int i, String what) throws NotSupportedException, ModelFormatException {
        return has(i) ? Optional.of(weights(i, what)) : Optional.empty();
    }

    /** A single known number. */
    float scalar(int i, String what) throws NotSupportedException, ModelFormatException {
        Known value = known(i, what);
        if (value.shape().elements() != 1) {
            throw graph.error(node, what + " has shape " + value.shape() + ", expected one number");
        }
        return value.floats().data()[0];
    }

    /** The layer that makes an input; a known value becomes a constant in the graph. */
    String source(int i) throws ModelFormatException {
        if (!has(i)) {
            throw graph.error(node, "has no input " + i + "; export the model again");
        }
        Optional<String> levels = onLevels ? realOf(i) : Optional.empty();
        return levels.isPresent() ? levels.get() : graph.values().source(node.inputs().get(i));
    }

    /** The int8 layer that an input is dequantized of. */
    Optional<String> realOf(int i) {
        return has(i) ? graph.values().realOf(node.inputs().get(i)) : Optional.empty();
    }

    /** What a known input was dequantized of. */
    Optional<KnownLevels> levels(int i) {
        return has(i) ? graph.knownValues().levels(node.inputs().get(i)) : Optional.empty();
    }

    /** The element type of a known integer input. */
    Optional<ElementType> knownType(int i) {
        return has(i) ? graph.knownValues().type(node.inputs().get(i)) : Optional.empty();
    }

    /** The scale and zero point of a layer's value, where it is int8. */
    Optional<QuantParams.PerTensor> int8Type(String layer) {
        return graph.values().int8Type(layer);
    }

    /** Makes the node's value the reals of an int8 layer, without a layer of its own before one is needed. */
    void holdReal(String layer) {
        graph.values().holdReal(node, layer);
    }

    /** The layer itself, or one of the same levels under these parameters. */
    String asQuantized(String layer, QuantParams.PerTensor params) throws ModelFormatException {
        return int8Type(layer).equals(Optional.of(params)) ? layer
                : graph.values().add(node, graph.values().nameOf(node) + "_as", new Op.AsQuantized(params), List.of(layer));
    }

    /** A known input, in fp32, as levels. */
    String quantizedConstant(int i, QuantParams.PerTensor params) throws NotSupportedException, ModelFormatException {
        return quantizedConstant(i, params, weights(i, "constant"));
    }

    String quantizedConstant(int i, QuantParams.PerTensor params, FloatTensor reals) throws ModelFormatException {
        String suffix = "constant" + (i == 0 ? "" : "_" + i);
        return graph.values().add(node, graph.values().nameOf(node) + "_" + suffix + "_levels", new Op.QuantStub(Optional.of(params)),
                List.of(constant(suffix, reals)));
    }

    Shape shape(int i) throws NotSupportedException, ModelFormatException {
        Optional<String> levels = realOf(i);
        return shapeOf(levels.isPresent() ? levels.get() : source(i));
    }

    /** Of a layer that was added before. */
    Shape shapeOf(String layer) throws NotSupportedException {
        return graph.values().shape(layer).orElseThrow(() -> new NotSupportedException(
                "it needs the shape of " + layer + ", which is not known behind an operator that is not supported"));
    }

    /** The zero padding that stands directly before an input, where it does. */
    Optional<ZeroPad> zeroPad(int i) {
        return has(i) ? graph.values().zeroPad(node.inputs().get(i)) : Optional.empty();
    }

    void holdBack(ZeroPad pad) {
        graph.values().holdBack(node.outputs().getFirst(), pad);
    }

    /** Adds the node's main layer, under the node's name, and makes it the node's value. */
    String emit(Op op, String... inputs) throws ModelFormatException {
        return emitUnder(graph.values().nameOf(node), op, inputs);
    }

    /** Adds a further layer, under the node's name and a suffix, and makes it the node's value. */
    String emitMore(String suffix, Op op, String... inputs) throws ModelFormatException {
        return emitUnder(graph.values().nameOf(node) + "_" + suffix, op, inputs);
    }

    private String emitUnder(String name, Op op, String... inputs) throws ModelFormatException {
        String added = graph.values().add(node, name, op, List.of(inputs));
        result(added);
        return added;
    }

    /** Whether an output is read or is one of the network's. */
    boolean isUsed(int output) {
        String value = output < node.outputs().size() ? node.outputs().get(output) : "";
        return !value.isEmpty() && graph.isUsed(value);
    }

    /** Adds a layer, under the node's name, and makes it one of the node's outputs. */
    String emitOutput(int output, Op op, String... inputs) throws ModelFormatException {
        String added = graph.values().add(node, graph.values().nameOf(node), op, List.of(inputs));
        graph.values().bind(node.outputs().get(output), added);
        return added;
    }

    /** A constant of its own in the graph. */
    String constant(String suffix, FloatTensor value) throws ModelFormatException {
        return graph.values().add(node, graph.values().nameOf(node) + "_" + suffix, new Op.Constant(value), List.of());
    }

    /** Makes a layer's value the node's first output. */
    void result(String layer) {
        graph.values().bind(node.outputs().getFirst(), layer);
    }

    /** Makes a layer's value one of the node's outputs, where it has that many. */
    void resultOf(int output, String layer) {
        if (output < node.outputs().size()) {
            graph.values().bind(node.outputs().get(output), layer);
        }
    }

    /** The node that alone reads this one's first output, which is no output of the network. */
    Optional<OnnxFile.NodePart> onlyReader() {
        return graph.onlyReader(node.outputs().getFirst());
    }

    /** The same of another value. */
    Optional<OnnxFile.NodePart> onlyReaderOf(String value) {
        return graph.onlyReader(value);
    }

    Optional<Known> knownValue(String value) {
        return graph.knownValues().find(value);
    }

    /** Takes another node into this one: its value is this one's result. */
    void absorb(OnnxFile.NodePart other) throws ModelFormatException {
        graph.absorb(other, node.outputs().getFirst());
    }

    Path file() {
        return graph.file();
    }

    ModelFormatException error(String detail) {
        return graph.error(node, detail);
    }
}
