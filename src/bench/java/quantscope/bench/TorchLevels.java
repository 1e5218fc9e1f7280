package quantscope.bench;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import quantscope.graph.Graph;
import quantscope.kernel.Kernels;
import quantscope.run.GraphEngine;
import quantscope.run.Tap;
import quantscope.run.Value;
import quantscope.tensor.FloatTensor;

/**
 * Where a quantized engine's levels differ from ours. Every operator gets our levels, so that a difference is that
 * operator's own: one level where sums or ties are rounded otherwise, many where it saturates inside.
 */
final class TorchLevels {

    private final Map<String, Value> ours = new HashMap<>();

    /** @param levels how many, of {@code outputs} */
    record Difference(String node, int levels, int outputs, int largest) {

        @Override
        public String toString() {
            return node + " in " + levels + " of " + outputs + " by up to " + largest;
        }
    }

    private TorchLevels() { }

    static List<Difference> differences(Graph graph, torch.QEngine engine, Kernels kernels, FloatTensor image) {
        return new TorchLevels().compare(graph, engine, kernels, image);
    }

    private List<Difference> compare(Graph graph, torch.QEngine engine, Kernels kernels, FloatTensor image) {
        new GraphEngine(kernels).compile(graph).newWorker(1).run(image, new Tap() {
            @Override
            public boolean wants(String node) {
                return true;
            }

            @Override
            public void take(String node, Value value) {
                ours.put(node, value);
            }
        });
        torch.globalContext().setQEngine(engine);
        List<Difference> differences = new ArrayList<>();
        Map<String, IValue> inputs = new HashMap<>();
        inputs.put(graph.inputs().getFirst().name(), new IValue(TorchOperator.tensor(image)));
        try (InferenceMode _ = new InferenceMode(true)) {
            for (TorchPlan.Step step : TorchPlan.of(graph, TorchPlan.Fp32.CHANNELS_LAST, 1)) {
                List<IValue> arguments = new ArrayList<>(step.inputs().stream().map(inputs::get).toList());
                arguments.addAll(List.of(step.parameters()));
                IValue theirs = step.operator().call(arguments.toArray(IValue[]::new));
                if (ours.get(step.name()) instanceof Value.Int8 value) {
                    difference(step.name(), value.tensor().levels(), theirs.toTensor()).ifPresent(differences::add);
                    inputs.put(step.name(), like(value, theirs.toTensor()));
                } else {
                    inputs.put(step.name(), theirs);
                }
            }
        }
        return differences;
    }

    private static Optional<Difference> difference(String node, byte[] ours, Tensor theirs) {
        IntBuffer levels = torch.int_repr(theirs).contiguous().to(torch.ScalarType.Int).createBuffer();
        int differ = 0;
        int largest = 0;
        for (int i = 0; i < ours.length; i++) {
            int difference = Math.abs((ours[i] & 0xff) - levels.get(i));
            differ += difference > 0 ? 1 : 0;
            largest = Math.max(largest, difference);
        }
        return differ == 0 ? Optional.empty() : Optional.of(new Difference(node, differ, ours.length, largest));
    }

    private static IValue like(Value.Int8 ours, Tensor theirs) {
        Tensor levels = Tensor.create(ours.tensor().levels(), TorchOperator.dims(ours.shape())).to(torch.ScalarType.Byte);
        return TorchOperator.of("aten::_make_per_tensor_quantized_tensor", "").call(new IValue(levels),
                new IValue(theirs.q_scale()), new IValue(theirs.q_zero_point()));
    }
}
