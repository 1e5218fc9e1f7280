package quantscope.ptq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;

/** Random networks with random choices: whatever is ticked, the prepared graph is in order. */
class PreparePropertyTest {

    static IntStream seeds() {
        return IntStream.range(0, 300);
    }

    /** Layers on [1,3,8,8] values, each reading earlier ones; some outputs. */
    static Graph randomGraph(Random random) {
        Nets n = new Nets("random", random.nextLong(), quantscope.tensor.Shape.of(1, 3, 8, 8));
        List<String> values = new ArrayList<>(List.of("x"));
        int layers = 3 + random.nextInt(12);
        for (int i = 0; i < layers; i++) {
            String a = values.get(Math.max(0, values.size() - 1 - random.nextInt(3)));
            String b = values.get(random.nextInt(values.size()));
            String name = "l" + i;
            switch (random.nextInt(9)) {
                case 0, 1 -> n.of(name, n.conv(3, 3, 3), a);
                case 2 -> n.of(name, n.norm(3), a);
                case 3, 4 -> n.of(name, new Op.Relu(), random.nextInt(4) == 0 ? Nets.inPlace(name, 0)
                        : Nets.module(name, 0), a);
                case 5 -> n.of(name, new Op.Add(), random.nextBoolean() ? Nets.functional(name)
                        : Nets.module(name, 0), a, b);
                case 6 -> n.of(name, n.binary(3, 3), a);
                case 7 -> n.of(name, new Op.Dropout(), a);
                default -> n.of(name, new Op.Sigmoid(), a);
            }
            values.add(name);
        }
        return random.nextBoolean() ? n.build() : n.build(values.getLast(), values.get(1));
    }

    static Specification randomChoice(Random random, Graph graph) {
        Specification specification = Specification.EMPTY;
        for (Node node : graph.layers()) {
            List<Precision> choices = Ticks.choices(node);
            if (!choices.isEmpty() && random.nextInt(3) > 0) {
                Precision precision = choices.get(random.nextInt(5) == 0 ? random.nextInt(choices.size()) : 1);
                specification = specification.withPrecision(node.name(), Optional.of(precision));
            }
        }
        for (Obstacle obstacle : Quantizability.obstacles(graph, specification)) {
            if (obstacle.fix().isPresent() && random.nextBoolean()) {
                specification = specification.withFix(obstacle.fix().get());
            }
        }
        return specification;
    }

    private static boolean int8(Prepared prepared, Node node) {
        return node.op() instanceof Op.QuantStub || prepared.precisions().get(node.name()) == Precision.INT8;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyInt8RegionBeginsAndEndsWithAStub(int seed) {
        Random random = new Random(seed);
        Graph source = randomGraph(random);
        Prepared prepared = Prepare.run(source, randomChoice(random, source));
        Graph graph = prepared.graph();
        String message = "seed " + seed + ": " + Nets.drawn(graph);
        for (Node node : graph.layers()) {
            for (String input : node.inputs()) {
                Node from = graph.node(input);
                boolean wantsInt8 = node.op() instanceof Op.DeQuantStub || int8(prepared, node)
                        && !(node.op() instanceof Op.QuantStub);
                assertEquals(wantsInt8, int8(prepared, from), input + " -> " + node.name() + ", " + message);
                assertFalse(node.op() instanceof Op.QuantStub && from.op() instanceof Op.DeQuantStub, message);
            }
            if (node.op() instanceof Op.QuantStub || node.op() instanceof Op.DeQuantStub) {
                assertTrue(!graph.consumers(node.name()).isEmpty() || graph.outputs().contains(node.name()), message);
            }
        }
        graph.outputs().forEach(o -> assertFalse(int8(prepared, graph.node(o)), message));
        oneStubPerValue(graph, message);
        everyObstacleIsRespected(prepared, message);
    }

    private static void oneStubPerValue(Graph graph, String message) {
        Set<String> seen = new HashSet<>();
        for (Node node : graph.layers()) {
            if (node.op() instanceof Op.QuantStub || node.op() instanceof Op.DeQuantStub) {
                assertTrue(seen.add(node.op().kind() + node.input()), message);
            }
        }
    }

    private static void everyObstacleIsRespected(Prepared prepared, String message) {
        Set<String> observed = new HashSet<>();
        prepared.observers().forEach(p -> assertTrue(observed.add(p.node()), message));
        for (Obstacle obstacle : prepared.obstacles()) {
            if (obstacle.blocking()) {
                assertFalse(prepared.precisions().get(obstacle.layer()) == Precision.INT8, obstacle + message);
            }
        }
        for (Node node : prepared.graph().layers()) {
            boolean stub = node.op() instanceof Op.QuantStub || node.op() instanceof Op.DeQuantStub;
            assertEquals(!stub, prepared.precisions().containsKey(node.name()), message);
        }
    }
}
