package quantscope.run;

import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.ValueType;
import quantscope.kernel.Channels;
import quantscope.kernel.Int8Arithmetic;
import quantscope.kernel.Memory;
import quantscope.quant.QuantizedTensor;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** Runs the steps of a plan in memory of its own, which is allocated once. */
final class GraphWorker implements Worker {

    private final Plan plan;
    private final Memory memory;
    private final Plan.Step answer;

    GraphWorker(Graph graph, Plan plan) {
        this.plan = plan;
        this.memory = Memory.of(plan.floats(), plan.bytes(), plan.scratch());
        String output = graph.outputs().getFirst();
        this.answer = plan.steps().stream().filter(s -> s.node().name().equals(output)).findFirst().orElseThrow();
        for (Plan.Step step : plan.steps()) {
            if (step.node().op() instanceof Op.Constant c) {
                store(c.value(), step);
            }
        }
    }

    @Override
    public FloatTensor run(FloatTensor image, Tap tap) {
        for (Plan.Step step : plan.steps()) {
            if (step.node().op() instanceof Op.Input input) {
                place(image, input.shape(), step);
            }
        }
        for (Plan.Step step : plan.steps()) {
            if (step.kernel().isPresent()) {
                step.kernel().get().run(memory, step.inputs(), step.output());
            }
            String name = step.node().name();
            if (tap.wants(name)) {
                tap.take(name, value(step));
            }
        }
        return switch (value(answer)) {
            case Value.Fp32 v -> v.tensor();
            case Value.Int8 v -> dequantize(v.tensor());
        };
    }

    private void place(FloatTensor image, Shape expected, Plan.Step step) {
        if (!image.shape().equals(expected)) {
            throw new IllegalArgumentException(step.node().name() + ": the image has shape " + image.shape()
                    + ", the network takes " + expected);
        }
        store(image, step);
    }

    private void store(FloatTensor value, Plan.Step step) {
        Layout.channels(value.shape()).interleave(value.data(), 0, memory.floats(), step.output());
    }

    private Value value(Plan.Step step) {
        Node node = step.node();
        Shape shape = node.requireShape();
        Channels layout = Layout.channels(shape);
        return switch (node.type()) {
            case ValueType.Float32 f -> {
                float[] planes = new float[shape.size()];
                layout.separate(memory.floats(), step.output(), planes, 0);
                yield new Value.Fp32(new FloatTensor(shape, planes));
            }
            case ValueType.Int8 i -> {
                byte[] planes = new byte[shape.size()];
                layout.separate(memory.bytes(), step.output(), planes, 0);
                yield new Value.Int8(new QuantizedTensor(shape, planes, i.params()));
            }
        };
    }

    private static FloatTensor dequantize(QuantizedTensor tensor) {
        float[] real = new float[tensor.levels().length];
        for (int i = 0; i < real.length; i++) {
            real[i] = Int8Arithmetic.dequantize(tensor.level(i), tensor.params().scale(0),
                    tensor.params().zeroPoint(0));
        }
        return new FloatTensor(tensor.shape(), real);
    }
}
