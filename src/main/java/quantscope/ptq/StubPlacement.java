package quantscope.ptq;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import quantscope.graph.Graph;
import quantscope.graph.GraphBuilder;
import quantscope.graph.Op;
import quantscope.graph.Origin;

/**
 * Puts a QuantStub or DeQuantStub on every edge on which an int8 region begins or ends: one QuantStub for each fp32
 * value that int8 layers read, one DeQuantStub for each int8 value that other layers or the graph's output read. A
 * stub stands right before its first reader.
 */
final class StubPlacement {

    /**
     * A layer before stubs are placed.
     *
     * @param int8  whether it computes in int8
     * @param title the layer whose name a DeQuantStub behind it takes: itself, or the first of its fused group
     */
    record Layer(String name, Op op, List<String> inputs, Origin origin, boolean int8, String title) { }

    /**
     * The graph with stubs.
     *
     * @param quantStubs QuantStub -> the first layer that reads it
     */
    record Placed(Graph graph, Map<String, String> quantStubs) { }

    private final GraphBuilder builder;
    private final Set<String> names = new HashSet<>();
    private final Map<String, Layer> layers = new HashMap<>();
    private final Map<String, String> quantized = new HashMap<>();
    private final Map<String, String> dequantized = new HashMap<>();
    private final Map<String, String> quantStubs = new LinkedHashMap<>();

    private StubPlacement(GraphBuilder builder, List<Layer> layers) {
        this.builder = builder;
        for (Layer layer : layers) {
            this.layers.put(layer.name(), layer);
            names.add(layer.name());
        }
    }

    /**
     * @param graph  of no nodes yet
     * @param layers each behind those that it reads, sources included
     */
    static Placed run(GraphBuilder graph, List<Layer> layers, List<String> outputs) {
        StubPlacement placement = new StubPlacement(graph, layers);
        for (Layer layer : layers) {
            List<String> inputs = new ArrayList<>();
            for (String input : layer.inputs()) {
                inputs.add(layer.int8() ? placement.int8(input, layer.name()) : placement.fp32(input));
            }
            placement.builder.add(layer.name(), layer.op(), inputs, layer.origin());
        }
        List<String> ends = outputs.stream().map(placement::fp32).toList();
        return new Placed(placement.builder.build(ends), placement.quantStubs);
    }

    private String int8(String value, String reader) {
        if (layers.get(value).int8()) {
            return value;
        }
        return quantized.computeIfAbsent(value, v -> {
            String stub = add("quant_" + identifier(reader), new Op.QuantStub(Optional.empty()), v);
            quantStubs.put(stub, reader);
            return stub;
        });
    }

    private String fp32(String value) {
        if (!layers.get(value).int8()) {
            return value;
        }
        return dequantized.computeIfAbsent(value,
                v -> add("dequant_" + identifier(layers.get(v).title()), new Op.DeQuantStub(), v));
    }

    private String add(String wanted, Op stub, String value) {
        String name = free(wanted, names);
        builder.add(name, stub, List.of(value), Origin.of(name, stub.kind()));
        return name;
    }

    /** A name that is not taken yet, and takes it: the wanted one, or that with _1, _2, ... */
    static String free(String wanted, Set<String> taken) {
        String name = wanted;
        for (int i = 1; !taken.add(name); i++) {
            name = wanted + "_" + i;
        }
        return name;
    }

    /** A layer's name as part of a Python identifier: {@code layer1.relu@1} becomes {@code layer1_relu_1}. */
    static String identifier(String layer) {
        return layer.replaceAll("[^A-Za-z0-9_]", "_");
    }
}
