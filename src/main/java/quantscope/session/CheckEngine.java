package quantscope.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.run.Engine;
import quantscope.run.ImageRunner;
import quantscope.run.Value;
import quantscope.run.nd4j.Nd4jReference;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;

/** Runs a few images through the engine in fp32 and each layer that ND4J can compute again through it. */
final class CheckEngine {

    private final Engine engine;
    private final ImageRunner runner;
    private final Nd4jReference reference = new Nd4jReference();

    CheckEngine(Engine engine, ImageRunner runner) {
        this.engine = engine;
        this.runner = runner;
    }

    SelfCheck run(Graph graph, List<FloatTensor> images, Progress progress, Cancellation cancellation) {
        Set<String> taps = graph.nodes().stream().map(Node::name).collect(Collectors.toSet());
        List<Map<String, Value>> values = new ArrayList<>();
        runner.run(engine.compile(graph), images::get, images.size(), taps, result -> values.add(result.taps()),
                Progress.NONE, cancellation);
        SelfCheck worst = new SelfCheck(images.size(), 0, 0, graph.layers().getFirst().name(),
                reference.description());
        List<Node> layers = graph.layers();
        for (int i = 0; i < images.size(); i++) {
            for (int l = 0; l < layers.size(); l++) {
                cancellation.check();
                progress.update((long) i * layers.size() + l, (long) images.size() * layers.size(), "Checking");
                // What has no reference, int8 layers of the file above all, is not checked.
                if (reference.runs(layers.get(l), layers.get(l).inputs().stream().map(graph::node).toList())) {
                    worst = worse(worst, layers.get(l), values.get(i));
                }
            }
        }
        return worst;
    }

    private SelfCheck worse(SelfCheck worst, Node node, Map<String, Value> values) {
        List<FloatTensor> inputs = node.inputs().stream().map(input -> tensor(values.get(input))).toList();
        float[] expected = reference.run(node, inputs).data();
        float[] actual = tensor(values.get(node.name())).data();
        double difference = 0;
        double magnitude = 0;
        for (int i = 0; i < expected.length; i++) {
            difference = Math.max(difference, Math.abs((double) expected[i] - actual[i]));
            magnitude = Math.max(magnitude, Math.abs(expected[i]));
        }
        return difference <= worst.largestDifference() ? worst : new SelfCheck(worst.images(), difference,
                magnitude == 0 ? difference : difference / magnitude, node.name(), worst.reference());
    }

    private static FloatTensor tensor(Value value) {
        return switch (value) {
            case Value.Fp32 f -> f.tensor();
            case Value.Int8 i -> throw new IllegalStateException("an fp32 graph has no int8 value");
        };
    }
}
