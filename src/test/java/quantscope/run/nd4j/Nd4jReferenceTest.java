package quantscope.run.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Graph;
import quantscope.graph.GraphBuilder;
import quantscope.graph.Op;
import quantscope.graph.Origin;
import quantscope.graph.PairFunction;
import quantscope.graph.PointwiseFunction;
import quantscope.graph.PoolGeometry;
import quantscope.graph.Rearrangement;
import quantscope.graph.Reduction;
import quantscope.graph.SignOfZero;
import quantscope.run.GraphEngine;
import quantscope.run.Tap;
import quantscope.run.Value;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** The engine and ND4J share no code, so where they agree on every layer neither is likely to be wrong. */
class Nd4jReferenceTest {

    private final Random random = new Random(7);

    @Test
    void agreesWithTheEngineOnEveryOperator() {
        GraphBuilder g = new GraphBuilder("all");
        g.add("in", new Op.Input(Shape.of(1, 6, 13, 11)), List.of(), Origin.of("in", ""));
        add(g, "conv", new Op.Conv2d(tensor(8, 3, 3, 2), Optional.of(tensor(8)),
                new ConvGeometry(2, 1, 1, 0, 2, 1, 1, 2, 2)), "in");
        add(g, "bn", new Op.BatchNorm2d(tensor(8), tensor(8), tensor(8), positive(8), 1e-5f), "conv");
        add(g, "relu", new Op.Relu(), "bn");
        add(g, "leaky", new Op.LeakyRelu(0.1f), "bn");
        add(g, "sigmoid", new Op.Sigmoid(), "bn");
        add(g, "clip", new Op.Clip(-0.5f, 0.75f), "bn");
        add(g, "sum", new Op.Add(), "relu", "leaky");
        add(g, "product", new Op.Mul(), "sum", "sigmoid");
        add(g, "lrn", new Op.LocalResponseNorm(5, 0.1f, 0.75f, 2), "product");
        add(g, "max", new Op.MaxPool2d(new PoolGeometry(3, 3, 2, 2, 1, 1, 1, 1, 1, 1, true)), "lrn");
        add(g, "avg", new Op.AvgPool2d(new PoolGeometry(3, 3, 2, 2, 1, 1, 1, 1, 1, 1, true), true), "lrn");
        add(g, "avgInside", new Op.AvgPool2d(new PoolGeometry(3, 3, 2, 2, 1, 1, 1, 1, 1, 1, true), false), "lrn");
        add(g, "cat", new Op.Concat(1), "max", "avg", "avgInside", "max");
        add(g, "adaptive", new Op.AdaptiveAvgPool2d(3, 2), "cat");
        add(g, "binary", new Op.BinaryConv2d(signs(4, 32, 3, 3), alphas(4), Optional.of(tensor(4)),
                ConvGeometry.of(1, 1), SignOfZero.ZERO), "adaptive");
        add(g, "flat", new Op.Flatten(1), "binary");
        add(g, "fc", new Op.Linear(tensor(7, 24), Optional.of(tensor(7))), "flat");
        add(g, "binaryFc", new Op.BinaryLinear(signs(5, 7), alphas(5), Optional.empty(), SignOfZero.PLUS_ONE), "fc");
        add(g, "softmax", new Op.Softmax(1), "binaryFc");
        add(g, "logSoftmax", new Op.LogSoftmax(1), "binaryFc");
        add(g, "tanh", new Op.Pointwise(PointwiseFunction.TANH), "adaptive");
        add(g, "softplus", new Op.Pointwise(PointwiseFunction.SOFTPLUS), "adaptive");
        add(g, "root", new Op.Pointwise(PointwiseFunction.SQRT), "softplus");
        add(g, "difference", new Op.Pairwise(PairFunction.SUB), "tanh", "root");
        add(g, "quotient", new Op.Pairwise(PairFunction.DIV), "tanh", "softplus");
        add(g, "larger", new Op.Pairwise(PairFunction.MAX), "difference", "quotient");
        add(g, "permuted", new Op.Rearrange(new Rearrangement.Permute(List.of(0, 2, 3, 1))), "larger");
        add(g, "sliced", new Op.Rearrange(new Rearrangement.Slice(List.of(0, 1, 0, 2), List.of(1, 2, 2, 15),
                List.of(1, 1, 1, 2))), "permuted");
        add(g, "groups", new Op.GroupNorm(4, tensor(32), tensor(32), 1e-3f), "larger");
        add(g, "instances", new Op.GroupNorm(32, tensor(32), tensor(32), 1e-3f), "larger");
        add(g, "meanOfPlane", new Op.Reduce(Reduction.MEAN, List.of(1, 3), true), "groups");
        add(g, "norm", new Op.Reduce(Reduction.L2, List.of(2), false), "sliced");
        add(g, "clipped", new Op.Clip(0, Float.POSITIVE_INFINITY), "logSoftmax");
        Graph graph = g.build(List.of("softmax"));

        FloatTensor image = tensor(1, 6, 13, 11);
        Map<String, FloatTensor> expected = new Nd4jReference().run(graph, image);
        Map<String, FloatTensor> actual = engine(graph, image);

        for (var node : graph.nodes()) {
            float[] e = expected.get(node.name()).data();
            float[] a = actual.get(node.name()).data();
            assertEquals(e.length, a.length, node.name());
            for (int i = 0; i < e.length; i++) {
                assertTrue(Math.abs(e[i] - a[i]) <= 2e-4 * Math.max(1, Math.abs(e[i])),
                        node.name() + "[" + i + "]: engine " + a[i] + ", reference " + e[i]);
            }
        }
    }

    private static Map<String, FloatTensor> engine(Graph graph, FloatTensor image) {
        Map<String, FloatTensor> values = new HashMap<>();
        new GraphEngine(quantscope.run.KernelProvider.choose()).compile(graph).newWorker().run(image, new Tap() {
            @Override
            public boolean wants(String node) {
                return true;
            }

            @Override
            public void take(String node, Value value) {
                values.put(node, ((Value.Fp32) value).tensor());
            }
        });
        return values;
    }

    private static void add(GraphBuilder g, String name, Op op, String... inputs) {
        g.add(name, op, List.of(inputs), Origin.of(name, ""));
    }

    private FloatTensor tensor(int... shape) {
        FloatTensor tensor = FloatTensor.zeros(Shape.of(shape));
        for (int i = 0; i < tensor.data().length; i++) {
            tensor.data()[i] = random.nextFloat() * 2 - 1;
        }
        return tensor;
    }

    private FloatTensor positive(int n) {
        FloatTensor tensor = tensor(n);
        for (int i = 0; i < n; i++) {
            tensor.data()[i] = 0.5f + Math.abs(tensor.data()[i]);
        }
        return tensor;
    }

    private FloatTensor alphas(int n) {
        float[] alpha = new float[n];
        for (int i = 0; i < n; i++) {
            alpha[i] = 0.25f * (i + 1);
        }
        return FloatTensor.vector(alpha);
    }

    private FloatTensor signs(int... shape) {
        FloatTensor tensor = tensor(shape);
        int each = tensor.data().length / shape[0];
        for (int i = 0; i < tensor.data().length; i++) {
            tensor.data()[i] = (tensor.data()[i] < 0 ? -1 : 1) * 0.25f * (i / each + 1);
        }
        return tensor;
    }
}
