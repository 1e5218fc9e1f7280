package quantscope.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Graph;
import quantscope.graph.GraphBuilder;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.kernel.Channels;
import quantscope.kernel.ImageQuantizer;
import quantscope.kernel.Int8Arithmetic;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.emitted.EmittedKernels;
import quantscope.kernel.emitted.EmittedRoads;
import quantscope.kernel.emitted.EmittedUnavailableException;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.kernel.vector.VectorKernels;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

class GraphEngineTest {

    private final Graph mixed = SmallNets.mixed();
    private final FloatTensor image = SmallNets.floats(new Random(3), 1, 3, 20, 20);

    @Test
    void everyTappedValueIsWhatTheNodeMakesOfItsInputs() {
        Map<String, Value> values = new HashMap<>();
        new GraphEngine(new ScalarKernels()).compile(mixed).newWorker().run(image, everything(values));
        assertEquals(mixed.nodes().size(), values.size());
        for (Node node : mixed.nodes()) {
            if (!node.inputs().isEmpty() && !List.of("drop", "flatten").contains(node.name())) {
                Value alone = OneOp.run(new ScalarKernels(), node.op(),
                        node.inputs().stream().map(values::get).toList(), false);
                assertValue(alone, values.get(node.name()), node.name());
            }
        }
        assertValue(values.get("conv1"), values.get("drop"), "drop");
    }

    @Test
    void saysHowEachNodeIsComputed() {
        Map<String, String> plain = new GraphEngine(new ScalarKernels()).compile(mixed).ways();
        assertEquals(List.of("plain Java"), plain.values().stream().distinct().toList());
        assertTrue(plain.containsKey("conv1") && !plain.containsKey("drop"), plain.toString());
        assertEquals("Vector API", new GraphEngine(new VectorKernels()).compile(mixed).ways().get("conv1"));
        EmittedRoads.all().forEach((road, kernels) -> {
            String way = new GraphEngine(kernels).compile(mixed).ways().get("conv1");
            String expected = road.contains("DOT_512") ? "vpdpbusd 512" : road.contains("DOT_256") ? "vpdpbusd 256"
                    : road.contains("WORDS") ? "vpmadd" : "vpmaddubsw";
            assertTrue(way.startsWith(expected), road + " goes " + way);
        });
    }

    @Test
    void aWorkerForgetsTheImageBefore() {
        Executable executable = new GraphEngine(new VectorKernels()).compile(mixed);
        Worker worker = executable.newWorker();
        float[] nan = new float[1200];
        Arrays.fill(nan, Float.NaN);
        worker.run(new FloatTensor(image.shape(), nan), Tap.NONE);
        assertArrayEquals(executable.newWorker().run(image, Tap.NONE).data(), worker.run(image, Tap.NONE).data());
    }

    @Test
    void roadsAgree() {
        FloatTensor plain = new GraphEngine(new ScalarKernels()).compile(mixed).newWorker().run(image, Tap.NONE);
        FloatTensor vector = new GraphEngine(new VectorKernels()).compile(mixed).newWorker().run(image, Tap.NONE);
        assertArrayEquals(plain.data(), vector.data(), 1e-4f);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("roads")
    void severalImagesAtATimeGiveTheBitsOfEachAlone(String road, Kernels kernels) {
        Executable executable = new GraphEngine(kernels).compile(mixed);
        Worker alone = executable.newWorker();
        for (int n : new int[] {1, 2, 13, 14, 15, 33}) {
            List<FloatTensor> images = IntStream.range(0, n)
                    .mapToObj(i -> SmallNets.floats(new Random(i), 1, 3, 20, 20)).toList();
            List<Map<String, Value>> values = images.stream().map(_ -> (Map<String, Value>) new HashMap<String, Value>())
                    .toList();
            assertEach(alone, images, values, executable.newWorker(33).run(images,
                    values.stream().map(GraphEngineTest::everything).toList()));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("roads")
    void aTeamGivesTheBitsOfOneThread(String road, Kernels kernels) {
        Executable executable = new GraphEngine(kernels).compile(mixed);
        Worker alone = executable.newWorker();
        for (int members : new int[] {2, 3}) {
            try (ThreadTeam team = new ThreadTeam(members)) {
                Worker together = executable.newWorker(7, team);
                Worker one = executable.newWorker(1, team);
                for (int n : new int[] {7, 1, 2, 3}) {
                    List<FloatTensor> images = IntStream.range(0, n)
                            .mapToObj(i -> SmallNets.floats(new Random(i), 1, 3, 20, 20)).toList();
                    List<Map<String, Value>> values = images.stream()
                            .map(_ -> (Map<String, Value>) new HashMap<String, Value>()).toList();
                    assertEach(alone, images, values, (n == 1 ? one : together).run(images,
                            values.stream().map(GraphEngineTest::everything).toList()));
                }
            }
        }
    }

    private static void assertEach(Worker alone, List<FloatTensor> images, List<Map<String, Value>> values,
                                   List<FloatTensor> outputs) {
        for (int i = 0; i < images.size(); i++) {
            Map<String, Value> expected = new HashMap<>();
            assertArrayEquals(alone.run(images.get(i), everything(expected)).data(), outputs.get(i).data());
            int image = i;
            expected.forEach((name, value) -> assertValue(value, values.get(image).get(name), name));
        }
    }

    static Stream<Arguments> roads() {
        return Stream.concat(Stream.of(Arguments.of("plain", new ScalarKernels()),
                Arguments.of("vector", new VectorKernels())), EmittedRoads.all().entrySet().stream()
                .map(e -> Arguments.of(e.getKey(), e.getValue())));
    }

    @Test
    void valuesShareMemoryOnceTheyAreNotNeeded() {
        GraphBuilder builder = new GraphBuilder("chain");
        SmallNets.add(builder, "input", new Op.Input(Shape.of(1, 4, 32, 32)));
        String last = "input";
        for (int i = 0; i < 50; i++) {
            SmallNets.add(builder, "relu" + i, new Op.Relu(), last);
            last = "relu" + i;
        }
        Executable executable = new GraphEngine(new VectorKernels()).compile(builder.build(List.of(last)));
        assertEquals(2 * 4L * 4096, executable.activationBytes());
    }

    @Test
    void constantsOutliveEveryImage() {
        GraphBuilder builder = new GraphBuilder("constant");
        SmallNets.add(builder, "input", new Op.Input(Shape.of(1, 2, 2, 2)));
        SmallNets.add(builder, "c", new Op.Constant(new FloatTensor(Shape.of(2, 1, 1), new float[] {1, 10})));
        SmallNets.add(builder, "sum", new Op.Add(), "input", "c");
        SmallNets.add(builder, "twice", new Op.Add(), "sum", "sum");
        SmallNets.add(builder, "relu", new Op.Relu(), "twice");
        Worker worker = new GraphEngine(new VectorKernels()).compile(builder.build(List.of("relu"))).newWorker();
        for (int i = 0; i < 3; i++) {
            FloatTensor out = worker.run(FloatTensor.zeros(Shape.of(1, 2, 2, 2)), Tap.NONE);
            assertArrayEquals(new float[] {2, 2, 2, 2, 20, 20, 20, 20}, out.data());
        }
    }

    @Test
    void anInt8AnswerIsDequantized() {
        GraphBuilder builder = new GraphBuilder("int8");
        SmallNets.add(builder, "input", new Op.Input(Shape.of(1, 3)));
        SmallNets.add(builder, "quant", new Op.QuantStub(Optional.of(
                new QuantParams.PerTensor(QuantDtype.QUINT8, 0.5f, 10))), "input");
        SmallNets.add(builder, "end", new Op.Identity(), "quant");
        FloatTensor out = new GraphEngine(new VectorKernels()).compile(builder.build(List.of("end"))).newWorker()
                .run(FloatTensor.of(Shape.of(1, 3), -100f, 0.26f, 2f), Tap.NONE);
        assertArrayEquals(new float[] {-5f, 0.5f, 2f}, out.data());
    }

    @Test
    void anUnknownOperatorIsNamedWithItsNode() {
        GraphBuilder builder = new GraphBuilder("unknown");
        SmallNets.add(builder, "input", new Op.Input(Shape.of(1, 3, 4, 4)));
        SmallNets.add(builder, "up1", new Op.Unsupported("Resize", "no kernel computes it", Optional.empty()),
                "input");
        Graph graph = builder.build(List.of("up1"));
        String message = assertThrows(UnsupportedOperatorException.class,
                () -> new GraphEngine(new VectorKernels()).compile(graph)).getMessage();
        assertTrue(message.contains("up1") && message.contains("Resize"), message);
    }

    @Test
    void aPaddingThatFitsNoArrayIsRefusedByName() {
        int reach = (1 << 30) - 1;
        for (ConvGeometry geometry : List.of(new ConvGeometry(1, 1, 0, 0, 2 * reach, 0, reach, 1, 1),
                new ConvGeometry(1, 1, reach, 0, reach, 0, reach, 1, 1))) {
            GraphBuilder builder = new GraphBuilder("far");
            SmallNets.add(builder, "input", new Op.Input(Shape.of(1, 1, 4, 1)));
            SmallNets.add(builder, "conv1", new Op.Conv2d(SmallNets.floats(new Random(1), 16, 1, 3, 1), Optional.empty(),
                    geometry), "input");
            Graph graph = builder.build(List.of("conv1"));
            String message = assertThrows(UnsupportedOperatorException.class,
                    () -> new GraphEngine(new ScalarKernels()).compile(graph)).getMessage();
            assertTrue(message.startsWith("conv1: with its padding the input has 2147483650 x 1 pixels"), message);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("roads")
    void anImageIsQuantizedAsItIsReadOrAfterwards(String road, Kernels kernels) {
        Worker worker = new GraphEngine(kernels).compile(mixed).newWorker();
        Map<String, Value> all = new HashMap<>();
        worker.run(image, everything(all));
        Map<String, Value> levels = new HashMap<>();
        worker.run(image, only("quant", levels));
        assertValue(all.get("quant"), levels.get("quant"), "quant");
    }

    @Test
    void theImageIsReadAtOnceWhereNobodyElseReadsIt() {
        List<Integer> read = new ArrayList<>();
        Kernels kernels = new Kernels() {
            @Override
            public Kernel pack(KernelSpec spec) {
                return new ScalarKernels().pack(spec);
            }

            @Override
            public Optional<ImageQuantizer> imageQuantizer(KernelSpec.Quantize spec, Channels image) {
                return Optional.of((planes, levels, at) -> {
                    read.add(image.size());
                    for (int i = 0; i < planes.length; i++) {
                        levels[at + image.at(i)] = Int8Arithmetic.quantize(planes[i], spec.inverseScale(), spec.zeroPoint());
                    }
                });
            }

            @Override
            public String description() {
                return "";
            }
        };
        FloatTensor expected = new GraphEngine(new ScalarKernels()).compile(mixed).newWorker().run(image, Tap.NONE);
        assertArrayEquals(expected.data(), new GraphEngine(kernels).compile(mixed).newWorker().run(image, Tap.NONE).data());
        assertEquals(List.of(3 * 20 * 20), read);
        new GraphEngine(kernels).compile(mixed).newWorker().run(image, only("input", new HashMap<>()));
        assertEquals(1, read.size(), "somebody looks at it");
        GraphBuilder twice = new GraphBuilder("twice");
        SmallNets.add(twice, "input", new Op.Input(image.shape()));
        SmallNets.add(twice, "quant", new Op.QuantStub(Optional.of(new QuantParams.PerTensor(QuantDtype.QUINT8, 0.03f, 120))),
                "input");
        SmallNets.add(twice, "dequant", new Op.DeQuantStub(), "quant");
        SmallNets.add(twice, "sum", new Op.Add(), "dequant", "input");
        new GraphEngine(kernels).compile(twice.build(List.of("sum"))).newWorker().run(image, Tap.NONE);
        assertEquals(1, read.size(), "another node reads it");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("roads")
    void anImageOfAnotherShapeIsRefused(String road, Kernels kernels) {
        Worker worker = new GraphEngine(kernels).compile(mixed).newWorker();
        String message = assertThrows(IllegalArgumentException.class,
                () -> worker.run(FloatTensor.zeros(Shape.of(1, 3, 20, 21)), Tap.NONE)).getMessage();
        assertTrue(message.contains("input") && message.contains("[1,3,20,21]") && message.contains("[1,3,20,20]"), message);
    }

    @Test
    void theProviderGoesTheRoadThatIsThere() {
        boolean emitted = emittedRoad();
        assertEquals(emitted ? EmittedKernels.class : VectorKernels.class, KernelProvider.choose("", true).getClass());
        assertEquals(emitted ? EmittedKernels.class : ScalarKernels.class, KernelProvider.choose("", false).getClass());
        assertInstanceOf(ScalarKernels.class, KernelProvider.choose("scalar", true));
        assertInstanceOf(VectorKernels.class, KernelProvider.choose("vector", true));
        assertThrows(IllegalArgumentException.class, () -> KernelProvider.choose("vector", false));
        assertThrows(IllegalArgumentException.class, () -> KernelProvider.choose("gpu", true));
    }

    private static boolean emittedRoad() {
        try {
            return !EmittedKernels.of(new ScalarKernels()).description().isEmpty();
        } catch (EmittedUnavailableException e) {
            return false;
        }
    }

    private static Tap everything(Map<String, Value> values) {
        return of(_ -> true, values);
    }

    private static Tap only(String name, Map<String, Value> values) {
        return of(name::equals, values);
    }

    private static Tap of(Predicate<String> wanted, Map<String, Value> values) {
        return new Tap() {
            @Override
            public boolean wants(String node) {
                return wanted.test(node);
            }

            @Override
            public void take(String node, Value value) {
                values.put(node, value);
            }
        };
    }

    private static void assertValue(Value expected, Value actual, String node) {
        assertEquals(expected.shape(), actual.shape(), node);
        switch (expected) {
            case Value.Fp32 e -> assertArrayEquals(e.tensor().data(), ((Value.Fp32) actual).tensor().data(), node);
            case Value.Int8 e -> assertArrayEquals(e.tensor().levels(), ((Value.Int8) actual).tensor().levels(),
                    node);
        }
    }
}
