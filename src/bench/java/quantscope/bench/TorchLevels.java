package quantscope.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import quantscope.graph.Graph;
import quantscope.graph.ValueType;
import quantscope.tensor.FloatTensor;

/**
 * A quantized engine of libtorch. Every operator gets our levels, so that a difference is that operator's own: one level
 * where sums or ties are rounded otherwise, many where it saturates inside.
 */
final class TorchLevels implements LevelPeer {

    private final torch.QEngine engine;

    TorchLevels(torch.QEngine engine) {
        this.engine = engine;
        torch.set_num_threads(1);
    }

    @Override
    public String name() {
        return "libtorch " + engine.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public Map<String, LevelTally> compare(Graph graph, FloatTensor image, Map<String, byte[]> ours) {
        torch.globalContext().setQEngine(engine);
        Map<String, LevelTally> tallies = new LinkedHashMap<>();
        try (PointerScope _ = new PointerScope(); InferenceMode _ = new InferenceMode(true)) {
            Map<String, IValue> inputs = new HashMap<>();
            inputs.put(graph.inputs().getFirst().name(), new IValue(TorchOperator.tensor(image)));
            for (TorchPlan.Step step : TorchPlan.of(graph, TorchPlan.Fp32.CHANNELS_LAST, 1)) {
                List<IValue> arguments = new ArrayList<>(step.inputs().stream().map(inputs::get).toList());
                arguments.addAll(List.of(step.parameters()));
                IValue theirs = step.operator().call(arguments.toArray(IValue[]::new));
                if (graph.node(step.name()).type() instanceof ValueType.Int8) {
                    tallies.put(step.name(), LevelTally.of(ours.get(step.name()), levels(theirs.toTensor())));
                    inputs.put(step.name(), like(graph, step.name(), ours.get(step.name()), theirs.toTensor()));
                } else {
                    inputs.put(step.name(), theirs);
                }
            }
        }
        return tallies;
    }

    private static byte[] levels(Tensor quantized) {
        ByteBuffer buffer = torch.int_repr(quantized).contiguous().createBuffer();
        byte[] levels = new byte[buffer.remaining()];
        buffer.get(levels);
        return levels;
    }

    private static IValue like(Graph graph, String node, byte[] ours, Tensor theirs) {
        Tensor levels = Tensor.create(ours, TorchOperator.dims(graph.node(node).requireShape())).to(torch.ScalarType.Byte);
        return TorchOperator.of("aten::_make_per_tensor_quantized_tensor", "").call(new IValue(levels),
                new IValue(theirs.q_scale()), new IValue(theirs.q_zero_point()));
    }
}
