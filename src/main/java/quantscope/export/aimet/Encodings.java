package quantscope.export.aimet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import quantscope.export.Exportable;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.ptq.ObserverPoint;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepared;

/** All encodings of a configuration, by the layers' names. */
final class Encodings {

    /**
     * An activation's encoding.
     *
     * @param tensor the layer whose output it is: the last of a fused group, or what a QuantStub reads
     * @param inputs the layers that read it through a QuantStub, with the index of the input; empty for a layer's own
     */
    record Activation(String tensor, Encoding encoding, Map<String, Integer> inputs) {

        Activation {
            inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        }
    }

    private final List<Activation> activations = new ArrayList<>();
    private final Map<String, Encoding> parameters = new LinkedHashMap<>();
    private final List<String> excluded;

    Encodings(Exportable exportable) {
        Prepared prepared = exportable.prepared();
        for (ObserverPoint point : prepared.observers()) {
            Encoding encoding = Encoding.ofActivation(
                    exportable.calibration().activations().get(point.node()).params(), point.qconfig().activation());
            Node node = prepared.graph().node(point.node());
            activations.add(node.op() instanceof Op.QuantStub ? new Activation(node.input(), encoding, readers(prepared, node))
                    : new Activation(prepared.valueNode(point.node()), encoding, Map.of()));
        }
        exportable.calibration().weights().forEach((layer, weight) -> parameters.put(layer + ".weight",
                Encoding.ofWeight(weight.params(), prepared.specification().qconfig(layer).weight())));
        excluded = prepared.source().layers().stream().map(Node::name)
                .filter(n -> prepared.precisions().get(n) != Precision.INT8).toList();
    }

    private static Map<String, Integer> readers(Prepared prepared, Node stub) {
        Map<String, Integer> readers = new LinkedHashMap<>();
        for (String reader : prepared.graph().consumers(stub.name())) {
            readers.put(reader, prepared.graph().node(reader).inputs().indexOf(stub.name()));
        }
        return readers;
    }

    /** In running order. */
    List<Activation> activations() {
        return List.copyOf(activations);
    }

    /** By the parameter's name, for example {@code conv1.weight}. */
    Map<String, Encoding> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /** Layers that stay as they are. */
    List<String> excluded() {
        return excluded;
    }
}
