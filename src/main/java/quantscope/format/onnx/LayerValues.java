package quantscope.format.onnx;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import quantscope.format.ModelFormatException;
import quantscope.format.fold.Known;
import quantscope.format.onnx.OnnxFile.NodePart;
import quantscope.graph.GraphBuilder;
import quantscope.graph.InvalidGraphException;
import quantscope.graph.Op;
import quantscope.graph.Origin;
import quantscope.graph.ValueType;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.tensor.Shape;

/**
 * Which layer makes each of the file's values. Constants, padding and dequantized values get a layer only when somebody reads them:
 * a convolution takes padding in, and an int8 kernel reads the levels.
 */
final class LayerValues {

    /**
     * A dequantized value that has no layer yet.
     *
     * @param node  that dequantizes
     * @param layer whose levels it dequantizes
     */
    private record Real(NodePart node, String layer) { }

    private final Path file;
    private final GraphBuilder builder;
    private final KnownValues knownValues;
    private final Map<String, String> layers = new HashMap<>();
    private final Map<String, ZeroPad> pads = new HashMap<>();
    private final Map<String, Real> reals = new HashMap<>();
    private NodeNames names = new NodeNames(List.of(), Set.of(), v -> "");

    LayerValues(Path file, GraphBuilder builder, KnownValues knownValues) {
        this.file = file;
        this.builder = builder;
        this.knownValues = knownValues;
    }

    /** Gives the nodes their names. */
    void name(NodeNames given) {
        names = given;
    }

    String nameOf(NodePart node) {
        return names.name(node);
    }

    /** @param levels the type where the input holds levels of 8 bits */
    void addInput(String value, Op op, Optional<QuantDtype> levels) throws ModelFormatException {
        Origin origin = Origin.of(value, "Input");
        String layer = add(value, builder.freeName(value), op, List.of(), origin);
        bind(value, levels.isEmpty() ? layer : add(value, builder.freeName(value + "_levels"),
                new Op.QuantStub(Optional.of(new QuantParams.PerTensor(levels.get(), 1, 0))), List.of(layer), origin));
    }

    /** Whether a value is made by a layer, or can be. */
    boolean has(String value) {
        return layers.containsKey(value) || knownValues.isKnown(value) || pads.containsKey(value)
                || reals.containsKey(value);
    }

    void bind(String value, String layer) {
        layers.put(value, layer);
    }

    Optional<Shape> shape(String layer) {
        return builder.shape(layer);
    }

    Optional<ZeroPad> zeroPad(String value) {
        return Optional.ofNullable(pads.get(value));
    }

    void holdBack(String value, ZeroPad pad) {
        pads.put(value, pad);
    }

    /** The int8 layer that a value is dequantized of. */
    Optional<String> realOf(String value) {
        return Optional.ofNullable(reals.get(value)).map(Real::layer);
    }

    void holdReal(NodePart node, String layer) {
        reals.put(node.outputs().getFirst(), new Real(node, layer));
    }

    /** The scale and zero point of a layer's value, where it is int8. */
    Optional<QuantParams.PerTensor> int8Type(String layer) {
        return switch (builder.type(layer)) {
            case ValueType.Int8 t -> Optional.of(t.params());
            case ValueType.Float32 _ -> Optional.empty();
        };
    }

    boolean isInt8(String value) {
        return layers.containsKey(value) && int8Type(layers.get(value)).isPresent();
    }

    /** The layer that makes a value; what was held back becomes a layer now. */
    String source(String value) throws ModelFormatException {
        if (layers.containsKey(value)) {
            return layers.get(value);
        }
        Optional<Known> constant = knownValues.find(value);
        if (constant.isPresent()) {
            bind(value, add(value, builder.freeName(value), new Op.Constant(constant.get().floats()), List.of(),
                    Origin.of(value, "Constant")));
        } else if (reals.containsKey(value)) {
            Real real = reals.get(value);
            bind(value, add(real.node(), new Op.DeQuantStub(), List.of(real.layer())));
        } else if (pads.containsKey(value)) {
            ZeroPad pad = pads.get(value);
            bind(value, add(pad.node(), new Op.Rearrange(pad.how()), List.of(pad.source())));
        } else {
            throw new ModelFormatException(file, value, "is used before it is made; export the model again");
        }
        return layers.get(value);
    }

    /** Adds a layer under the node's name. */
    String add(NodePart node, Op op, List<String> sources) throws ModelFormatException {
        return add(node, names.name(node), op, sources);
    }

    String add(NodePart node, String name, Op op, List<String> sources) throws ModelFormatException {
        return add(node.place(), builder.freeName(name), op, sources, names.origin(node));
    }

    private String add(String place, String name, Op op, List<String> sources, Origin origin)
            throws ModelFormatException {
        try {
            return builder.add(name, op, sources, origin).name();
        } catch (InvalidGraphException e) {
            throw new ModelFormatException(file, place, e.getMessage() + "; export the model again", e);
        }
    }
}
