package quantscope.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import quantscope.graph.GraphBuilder;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.Origin;
import quantscope.graph.ValueType;
import quantscope.kernel.Channels;
import quantscope.kernel.Kernel;
import quantscope.kernel.Kernels;
import quantscope.kernel.Memory;
import quantscope.quant.Profile;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;

/** Runs one operator on given values, with memory around its output that must stay as it was. */
final class OneOp {

    private static final int MARGIN = 200;

    private OneOp() { }

    static Value run(Kernels kernels, Op op, List<Value> inputs, boolean channelsLast) {
        return run(kernels, op, inputs, channelsLast, Profile.FBGEMM);
    }

    static Value run(Kernels kernels, Op op, List<Value> inputs, boolean channelsLast, Profile profile) {
        GraphBuilder builder = new GraphBuilder("one");
        List<Node> in = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            in.add(source(builder, i, inputs.get(i)));
        }
        Node node = builder.add("op", op, in.stream().map(Node::name).toList(), Origin.of("op", "op"));
        Kernel kernel = Lowering.lower(node, in, channelsLast, profile).map(kernels::pack).orElseThrow();
        return run(kernel, node, inputs);
    }

    private static Node source(GraphBuilder builder, int i, Value value) {
        Node input = builder.add("in" + i, new Op.Input(value.shape()), List.of(), Origin.of("in", "in"));
        return switch (value) {
            case Value.Fp32 v -> input;
            case Value.Int8 v -> builder.add("q" + i,
                    new Op.QuantStub(Optional.of((QuantParams.PerTensor) v.tensor().params())),
                    List.of(input.name()), Origin.of("q", "q"));
        };
    }

    private static Value run(Kernel kernel, Node node, List<Value> inputs) {
        int size = node.requireShape().size();
        int elements = inputs.stream().mapToInt(v -> v.shape().size() + MARGIN).sum() + size + 2 * MARGIN;
        Memory memory = Memory.of(elements, elements, kernel.scratch());
        Arrays.fill(memory.scratchFloats(), Float.NaN);
        Arrays.fill(memory.scratchInts(), 0x5a5a5a5a);
        Arrays.fill(memory.scratchLongs(), 0x5a5a5a5a5a5a5a5aL);
        Arrays.fill(memory.floats(), 77.5f);
        Arrays.fill(memory.bytes(), (byte) 77);
        int at = MARGIN;
        int[] places = new int[inputs.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = at;
            switch (inputs.get(i)) {
                case Value.Fp32 v -> Layout.channels(v.shape()).interleave(v.tensor().data(), 0, memory.floats(), at);
                case Value.Int8 v -> {
                    Channels layout = Layout.channels(v.shape());
                    for (int e = 0; e < layout.size(); e++) {
                        memory.bytes()[at + layout.at(e)] = v.tensor().levels()[e];
                    }
                }
            }
            at += inputs.get(i).shape().size() + MARGIN;
        }
        float[] floatsBefore = memory.floats().clone();
        byte[] bytesBefore = memory.bytes().clone();
        kernel.run(memory, places, at);
        boolean int8 = node.type() instanceof ValueType.Int8;
        for (int i = 0; i < elements; i++) {
            boolean inside = i >= at && i < at + size;
            if (memory.floats()[i] != floatsBefore[i] && (int8 || !inside)
                    || memory.bytes()[i] != bytesBefore[i] && (!int8 || !inside)) {
                throw new AssertionError("stray write at " + (i - at) + ", output has " + size + " elements");
            }
        }
        Channels layout = Layout.channels(node.requireShape());
        return switch (node.type()) {
            case ValueType.Float32 f -> {
                float[] planes = new float[size];
                layout.separate(memory.floats(), at, planes, 0);
                yield new Value.Fp32(new FloatTensor(node.requireShape(), planes));
            }
            case ValueType.Int8 t -> {
                byte[] planes = new byte[size];
                layout.separate(memory.bytes(), at, planes, 0);
                yield new Value.Int8(new QuantizedTensor(node.requireShape(), planes, t.params()));
            }
        };
    }
}
