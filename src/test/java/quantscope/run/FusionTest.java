package quantscope.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.kernel.Kernels;
import quantscope.kernel.emitted.EmittedRoads;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.tensor.FloatTensor;

/** Fused or node by node, a network's values are the same bits. */
class FusionTest {

    private static final int NETWORKS = 60;

    static Stream<Arguments> roads() {
        return Stream.concat(Stream.of(Arguments.of("plain", new ScalarKernels())), EmittedRoads.all().entrySet().stream()
                .map(e -> Arguments.of(e.getKey(), e.getValue())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("roads")
    void whoeverLooksSeesTheSameValues(String road, Kernels kernels) {
        for (int seed = 0; seed < NETWORKS; seed++) {
            Graph graph = RandomNets.of(seed);
            Random random = new Random(seed);
            Executable executable = new GraphEngine(kernels).compile(graph);
            Worker worker = executable.newWorker();
            FloatTensor image = RandomNets.image(seed);
            Map<String, Value> all = new HashMap<>();
            List<String> names = graph.nodes().stream().map(Node::name).toList();
            float[] expected = worker.run(image, new Wanted(new HashSet<>(names), all)).data();
            assertArrayEquals(expected, worker.run(image, Tap.NONE).data(), "seed " + seed);
            for (int some = 0; some < 6; some++) {
                Set<String> wanted = new HashSet<>();
                for (int i = random.nextInt(3); i >= 0; i--) {
                    wanted.add(names.get(random.nextInt(names.size())));
                }
                Map<String, Value> taken = new HashMap<>();
                assertArrayEquals(expected, worker.run(image, new Wanted(wanted, taken)).data(), "seed " + seed);
                assertEquals(wanted, taken.keySet(), "seed " + seed);
                int net = seed;
                taken.forEach((name, value) -> assertValue(all.get(name), value, "seed " + net + ", " + name));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("roads")
    void severalImagesAndATeamSeeTheSameValues(String road, Kernels kernels) {
        for (int seed = 0; seed < NETWORKS / 3; seed++) {
            Executable executable = new GraphEngine(kernels).compile(RandomNets.of(seed));
            Worker alone = executable.newWorker();
            // More than a linear layer takes at a time, where that is quick.
            int count = road.contains("FLOAT") ? 35 : 3;
            List<FloatTensor> images = IntStream.range(0, count).mapToObj(RandomNets::image).toList();
            try (ThreadTeam team = new ThreadTeam(2)) {
                for (Worker worker : List.of(executable.newWorker(count), executable.newWorker(count, team))) {
                    List<FloatTensor> together = worker.run(images, Collections.nCopies(count, Tap.NONE));
                    for (int i = 0; i < images.size(); i++) {
                        Tap everything = new Wanted(new HashSet<>(executable.graph().nodes().stream().map(Node::name)
                                .toList()), new HashMap<>());
                        assertArrayEquals(alone.run(images.get(i), everything).data(), together.get(i).data(),
                                "seed " + seed + ", image " + i);
                    }
                }
            }
        }
    }

    /** The networks must have what is fused, or nothing is tested. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("roads")
    void layersHandBitsToOneAnother(String road, Kernels kernels) {
        List<Plan.Step> fused = new ArrayList<>();
        for (int seed = 0; seed < NETWORKS; seed++) {
            fused.addAll(Plan.of(RandomNets.of(seed), kernels).steps(List.of(Tap.NONE)).stream()
                    .filter(step -> step.names().size() > 1 || step.output().bytes()).toList());
        }
        long bits = fused.stream().filter(s -> s.output().bytes() && !(s.node().type()
                instanceof quantscope.graph.ValueType.Int8)).count();
        if (road.contains("BITS")) {
            assertTrue(bits > NETWORKS / 2, bits + " steps give bits");
        } else {
            assertEquals(0, bits);
        }
        assertEquals(road.contains("BITS"), fused.stream().anyMatch(s -> some(s, "maxpool") && some(s, "dequant")));
        assertEquals(road.contains("BITS"), fused.stream().anyMatch(s -> some(s, "batchnorm") && some(s, "binary")));
        assertEquals(road.contains("BITS"), fused.stream().anyMatch(s -> some(s, "flatten") && some(s, "binary")));
        if (road.contains("FLOAT")) {
            assertTrue(fused.size() > 2 * NETWORKS, fused.size() + " fused steps");
        }
    }

    private static boolean some(Plan.Step step, String kind) {
        return step.names().stream().anyMatch(name -> name.startsWith(kind));
    }

    private record Wanted(Set<String> names, Map<String, Value> taken) implements Tap {

        @Override
        public boolean wants(String node) {
            return names.contains(node);
        }

        @Override
        public void take(String node, Value value) {
            taken.put(node, value);
        }
    }

    private static void assertValue(Value expected, Value actual, String message) {
        switch (expected) {
            case Value.Fp32 e -> assertArrayEquals(e.tensor().data(), ((Value.Fp32) actual).tensor().data(), message);
            case Value.Int8 e -> assertArrayEquals(e.tensor().levels(), ((Value.Int8) actual).tensor().levels(), message);
        }
    }
}
