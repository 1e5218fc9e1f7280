package quantscope.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import quantscope.graph.Cost;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.QuantFacts;
import quantscope.graph.ValueType;
import quantscope.ptq.Obstacle;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepared;
import quantscope.quant.QuantParams;
import quantscope.session.OpenModel;
import quantscope.tensor.Shape;

/** A model's layers as text and as JSON. */
final class ModelLayers {

    private ModelLayers() { }

    static ObjectNode json(OpenModel open, Prepared prepared) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("model").put("file", open.model().file().getFileName().toString())
                .put("format", open.model().format()).put("sha256", open.model().sha256());
        ArrayNode inputs = json.putArray("inputs");
        prepared.graph().inputs().forEach(n -> shape(inputs.addObject().put("name", n.name()), "shape", n));
        ArrayNode outputs = json.putArray("outputs");
        prepared.graph().outputs().forEach(outputs::add);
        ArrayNode classes = json.putArray("classNames");
        open.classNames().forEach(classes::add);
        ArrayNode notes = json.putArray("notes");
        open.model().notes().forEach(notes::add);
        ArrayNode layers = json.putArray("layers");
        prepared.graph().layers().forEach(node -> layers.add(layer(prepared, node)));
        return json;
    }

    private static ObjectNode layer(Prepared prepared, Node node) {
        Cost cost = Cost.of(node);
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", node.name())
                .put("kind", node.op().kind()).put("precision", precision(prepared, node));
        ArrayNode inputs = json.putArray("inputs");
        node.inputs().forEach(inputs::add);
        ArrayNode inputShapes = json.putArray("inputShapes");
        node.inputs().forEach(i -> prepared.graph().node(i).shape()
                .ifPresentOrElse(s -> extents(inputShapes.addArray(), s), inputShapes::addNull));
        shape(json, "outputShape", node);
        json.put("parameters", cost.parameters()).put("macs", cost.macs());
        if (node.type() instanceof ValueType.Int8 t) {
            json.put("scale", t.params().scale()).put("zeroPoint", t.params().zeroPoint())
                    .put("dtype", word(t.params().dtype()));
        }
        QuantFacts.weight(node.op()).ifPresent(w -> weight(json.putObject("weight"), w));
        if (prepared.fusedInto().containsKey(node.name())) {
            json.put("fusedInto", prepared.fusedInto().get(node.name()));
        }
        ArrayNode obstacles = json.putArray("obstacles");
        prepared.obstacles(node.name()).forEach(o -> obstacles.add(obstacle(o)));
        return json;
    }

    private static void weight(ObjectNode json, QuantParams params) {
        json.put("dtype", word(params.dtype()));
        ArrayNode scales = json.putArray("scales");
        ArrayNode zeroPoints = json.putArray("zeroPoints");
        int channels = params instanceof QuantParams.PerChannel p ? p.channels() : 1;
        for (int c = 0; c < channels; c++) {
            scales.add(params.scale(c));
            zeroPoints.add(params.zeroPoint(c));
        }
    }

    private static ObjectNode obstacle(Obstacle obstacle) {
        ObjectNode json = JsonNodeFactory.instance.objectNode()
                .put("kind", word(obstacle.kind())).put("blocking", obstacle.blocking())
                .put("sentence", obstacle.sentence());
        obstacle.source().ifPresent(s -> json.putObject("source").put("file", s.file()).put("line", s.line())
                .put("function", s.function()).put("text", s.text()));
        obstacle.fix().ifPresent(f -> json.put("fix", word(f.kind())));
        return json;
    }

    static String precision(Prepared prepared, Node node) {
        return switch (node.op()) {
            case Op.QuantStub s -> "int8";
            case Op.DeQuantStub s -> "fp32";
            default -> prepared.precisions().getOrDefault(node.name(), Precision.FP32).label();
        };
    }

    /** A line per layer, for people. */
    static void print(Console console, OpenModel open, Prepared prepared) {
        List<Node> nodes = prepared.graph().layers();
        int width = Math.max("layer".length(), nodes.stream().mapToInt(n -> n.name().length()).max().orElse(0));
        console.result("%s: %s", open.model().file().getFileName(), open.model().format());
        console.result("%-" + width + "s  %-18s %-7s %-18s %12s %14s", "layer", "kind", "runs in", "output",
                "parameters", "MACs");
        for (Node node : nodes) {
            Cost cost = Cost.of(node);
            console.result("%-" + width + "s  %-18s %-7s %-18s %,12d %,14d", node.name(), node.op().kind(),
                    precision(prepared, node), node.shape().map(Shape::toString).orElse("?"), cost.parameters(),
                    cost.macs());
            QuantFacts.sentence(node).ifPresent(s -> console.result("    = %s", s));
            for (Obstacle obstacle : prepared.obstacles(node.name())) {
                console.result("    %s %s", obstacle.blocking() ? "!" : "-", obstacle.sentence());
                obstacle.source().ifPresent(s -> console.result("      %s", s));
            }
        }
        open.model().notes().forEach(note -> console.result("note: %s", note));
    }

    private static void shape(ObjectNode json, String field, Node node) {
        node.shape().ifPresentOrElse(s -> extents(json.putArray(field), s), () -> json.putNull(field));
    }

    private static void extents(ArrayNode array, Shape shape) {
        shape.dims().forEach(array::add);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(java.util.Locale.ROOT);
    }
}
