package quantscope.export.pytorch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import quantscope.export.Exportable;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.ValueType;
import quantscope.ptq.Int8Support;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepared;
import quantscope.quant.ObserverSpec;
import quantscope.quant.QConfig;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.run.UnsupportedOperatorException;

/**
 * The choices for FX graph mode as JSON: "qconfig_mapping" with the keys of QConfigMapping.to_dict(), whose values are
 * spelled out; beside it what was found by calibration, and which layers FX shall not fuse.
 */
final class FxChoices {

    /** Raised when a reader of an older file could not read the new one. */
    private static final int VERSION = 1;

    private final Exportable exportable;
    private final Prepared prepared;
    private final FxLayers layers;

    private FxChoices(Exportable exportable, FxLayers layers) {
        this.exportable = exportable;
        this.prepared = exportable.prepared();
        this.layers = layers;
    }

    /** @throws UnsupportedOperatorException where FX graph mode cannot do what was chosen, with the layer's name */
    static ObjectNode write(Exportable exportable, FxLayers layers, String engine) {
        FxChoices choices = new FxChoices(exportable, layers);
        choices.prepared.source().layers().forEach(choices::check);
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("kind", "quantscope-fx-choices")
                .put("version", VERSION).put("engine", engine);
        choices.mapping(json.putObject("qconfig_mapping"));
        choices.apart(json.putObject("apart"));
        choices.activations(json.putArray("activations"));
        choices.keeps(json.putArray("keeps"));
        choices.weights(json.putObject("weights"));
        return json;
    }

    private void check(Node node) {
        if (node.type() instanceof ValueType.Int8) {
            throw new UnsupportedOperatorException(node.name() + ": is int8 in the model file already, and FX graph mode"
                    + " makes int8 layers of fp32 ones only; open the model as it was before it was quantized");
        }
        boolean binary = Int8Support.isBinary(node);
        if (Int8Support.isWeighted(node) && binary != (precision(node) == Precision.BINARY)) {
            throw new UnsupportedOperatorException(node.name() + ": is " + (binary ? "binary" : "not binary")
                    + " in the model and was chosen as " + precision(node).label() + ", which no qconfig can say;"
                    + " take that choice back, or export for eager mode");
        }
        if (node.op() instanceof Op.Concat && isInt8(node)) {
            throw new UnsupportedOperatorException(node.name() + ": FX graph mode gives all inputs of a cat one scale,"
                    + " eager mode's FloatFunctional does not; make it fp32, or export for eager mode");
        }
        if (isBetweenInt8(node) && !(layers.place(node.name()).orElse(null) instanceof FxLayers.Place.Module)
                && !keepsValues(node) && !(node.op() instanceof Op.Add || node.op() instanceof Op.Mul)) {
            throw new UnsupportedOperatorException(node.name() + ": is a function between int8 layers, which convert_fx"
                    + " makes int8 whatever its qconfig is; make it int8, or export for eager mode");
        }
    }

    /** Whether a layer is not int8, reads int8 and is read by int8. */
    private boolean isBetweenInt8(Node node) {
        Graph source = prepared.source();
        return !isInt8(node) && node.inputs().stream().map(source::node).allMatch(this::isInt8)
                && source.consumers(node.name()).stream().map(source::node).anyMatch(this::isInt8);
    }

    /** Whether a layer's int8 values are those that it would make of fp32, rounded. */
    private static boolean keepsValues(Node node) {
        return Int8Support.of(node) == Int8Support.KEEPS_PARAMETERS
                && !(node.op() instanceof Op.AvgPool2d || node.op() instanceof Op.AdaptiveAvgPool2d);
    }

    private void mapping(ObjectNode json) {
        json.putNull("");
        json.putArray("object_type");
        json.putArray("module_name_regex");
        ArrayNode modules = json.putArray("module_name");
        ArrayNode functions = json.putArray("module_name_object_type_order");
        Set<String> written = new LinkedHashSet<>();
        for (Node node : prepared.source().layers()) {
            if (!isInt8(node) && !isFunctionBehindInt8Arithmetic(node)) {
                continue;
            }
            ObjectNode qconfig = qconfig(node);
            switch (layers.place(node.name()).orElse(new FxLayers.Place.Input())) {
                case FxLayers.Place.Module m when alike(node, m.path()) && written.add(m.path()) ->
                        modules.addArray().add(m.path()).add(qconfig);
                case FxLayers.Place.Function f -> FxFunctions.of(f.kind()).forEach(type ->
                        functions.addArray().add(f.scope()).add(type).add(f.order()).add(qconfig));
                default -> { }
            }
        }
    }

    /**
     * FX takes an addition and the ReLU behind it for one, which is no other value where the ReLU was to be fp32. A
     * function cannot be set apart as a module can.
     */
    private boolean isFunctionBehindInt8Arithmetic(Node node) {
        return isBehindInt8Arithmetic(node)
                && layers.place(node.name()).orElse(null) instanceof FxLayers.Place.Function;
    }

    private boolean isBehindInt8Arithmetic(Node node) {
        return isBehindInt8(node) && prepared.source().find(node.input())
                .filter(n -> n.op() instanceof Op.Add || n.op() instanceof Op.Mul).isPresent();
    }

    /** Whether a layer is a ReLU that FX could take for a part of the int8 layer before it. */
    private boolean isBehindInt8(Node node) {
        return node.op() instanceof Op.Relu && isInt8(prepared.source().node(node.input()));
    }

    /**
     * Whether all calls of a module are int8. A module that only moves values needs no qconfig where they are not, for the
     * values come out on the same levels behind it.
     */
    private boolean alike(Node node, String path) {
        boolean all = layers.callsOf(path).stream().map(prepared.source()::node).allMatch(this::isInt8);
        if (!all && !keepsValues(node)) {
            throw new UnsupportedOperatorException(node.name() + ": module " + path + " is called several times, and not"
                    + " all of its calls are int8; a qconfig is one for all, so choose one precision for them");
        }
        return all;
    }

    /** Layers that FX would join with what is behind them, or before them, where the choices do not. */
    private void apart(ObjectNode json) {
        behind().forEach(json.putArray("behind")::add);
        Set<String> before = new LinkedHashSet<>();
        for (Node node : prepared.source().layers()) {
            if (isBehindInt8(node) && layers.place(node.name()).orElse(null) instanceof FxLayers.Place.Module m
                    && (!alike(node, m.path())
                            || layers.callsOf(m.path()).stream().noneMatch(prepared.fusedInto()::containsKey))) {
                before.add(m.path());
            }
        }
        before.forEach(json.putArray("before")::add);
    }

    private Set<String> behind() {
        Graph source = prepared.source();
        Set<String> paths = new LinkedHashSet<>();
        for (Node node : source.layers()) {
            boolean fuses = node.op() instanceof Op.Conv2d || node.op() instanceof Op.Linear
                    || node.op() instanceof Op.BatchNorm2d;
            boolean alone = fuses && !prepared.fusedInto().containsKey(node.name())
                    && !prepared.fusedInto().containsValue(node.name())
                    && source.consumers(node.name()).stream().map(source::node).anyMatch(
                            n -> n.op() instanceof Op.BatchNorm2d || n.op() instanceof Op.Relu);
            // convert_fx also makes int8 of what stands between int8 layers, whatever its qconfig is.
            if ((alone || isBetweenInt8(node) && !keepsValues(node)) && layers.place(node.name()).orElse(null) instanceof FxLayers.Place.Module m) {
                paths.add(m.path());
            }
        }
        return paths;
    }

    private void activations(ArrayNode json) {
        exportable.calibration().activations().forEach((name, found) -> {
            Node node = prepared.graph().node(name);
            String layer = node.op() instanceof Op.QuantStub ? node.input() : name;
            ArrayNode item = json.addArray();
            item.add(place(layers.place(layer).orElseThrow(() -> new UnsupportedOperatorException(layer
                    + ": its value becomes int8, but a traced model has no place that could be named for it;"
                    + " export for eager mode"))));
            item.add(found.params().scale()).add(found.params().zeroPoint());
        });
    }

    private void keeps(ArrayNode json) {
        prepared.source().layers().stream().filter(this::isInt8)
                .filter(n -> Int8Support.of(n) == Int8Support.KEEPS_PARAMETERS)
                .forEach(n -> layers.place(n.name()).ifPresent(p -> json.add(place(p))));
    }

    private static ArrayNode place(FxLayers.Place place) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        return switch (place) {
            case FxLayers.Place.Input _ -> json.add("input");
            case FxLayers.Place.Module m -> json.add("module").add(m.path()).add(m.use());
            case FxLayers.Place.Function f -> json.add(f.kind()).add(f.index());
        };
    }

    private void weights(ObjectNode json) {
        exportable.calibration().weights().forEach((layer, weight) -> {
            if (!(layers.place(layer).orElse(null) instanceof FxLayers.Place.Module m)) {
                throw new UnsupportedOperatorException(layer + ": has no module of its own; export for eager mode");
            }
            ArrayNode item = json.putArray(m.path());
            parameters(item, weight);
            ObserverSpec spec = prepared.specification().qconfig(layer).weight();
            item.add(spec.dtype().quantMin(spec.reduceRange())).add(spec.dtype().quantMax(spec.reduceRange()));
        });
    }

    private static void parameters(ArrayNode item, QuantizedTensor weight) {
        switch (weight.params()) {
            case QuantParams.PerTensor p -> item.add("per_tensor_affine").add(p.scale()).add(p.zeroPoint());
            case QuantParams.PerChannel p -> {
                item.add("per_channel_affine");
                ArrayNode scales = item.addArray();
                ArrayNode zeroPoints = item.addArray();
                for (int c = 0; c < p.channels(); c++) {
                    scales.add(p.scale(c));
                    zeroPoints.add(p.zeroPoint(c));
                }
            }
        }
    }

    private ObjectNode qconfig(Node node) {
        QConfig qconfig = prepared.specification().qconfig(prepared.firstOfGroup(node.name()));
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set("activation", node.op() instanceof Op.Sigmoid ? fixed(node) : observer(qconfig.activation()));
        json.set("weight", observer(qconfig.weight()));
        return json;
    }

    /** FX takes no other observer for a sigmoid. */
    private ObjectNode fixed(Node node) {
        QuantParams.PerTensor params = exportable.calibration().activations().get(node.name()).params();
        return JsonNodeFactory.instance.objectNode().put("observer", "FixedQParamsObserver").put("dtype", "quint8")
                .put("qscheme", "per_tensor_affine").put("scale", params.scale()).put("zero_point", params.zeroPoint())
                .put("quant_min", 0).put("quant_max", 255);
    }

    private static ObjectNode observer(ObserverSpec spec) {
        return JsonNodeFactory.instance.objectNode().put("observer", spec.kind().torchName())
                .put("dtype", spec.dtype().name().toLowerCase(Locale.ROOT))
                .put("qscheme", spec.scheme().name().toLowerCase(Locale.ROOT)).put("reduce_range", spec.reduceRange());
    }

    private Precision precision(Node node) {
        return prepared.precisions().getOrDefault(node.name(), Precision.FP32);
    }

    private boolean isInt8(Node node) {
        return precision(node) == Precision.INT8;
    }
}
