package quantscope.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import quantscope.graph.ConvGeometry;
import quantscope.graph.Graph;
import quantscope.graph.GraphBuilder;
import quantscope.graph.Op;
import quantscope.graph.SignOfZero;
import quantscope.kernel.ConvShape;
import quantscope.kernel.Fused;
import quantscope.kernel.Kernel;
import quantscope.kernel.KernelSpec;
import quantscope.kernel.Kernels;
import quantscope.kernel.Requantize;
import quantscope.kernel.SignSource;
import quantscope.kernel.UnaryFunction;
import quantscope.kernel.emitted.EmittedRoads;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

class KernelCacheTest {

    private static final int LAYERS_OF_MIXED = 4;
    private static final long PLENTY = 1L << 30;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Notes what is packed, without keeping it alive. */
    private static class Noting implements Kernels {

        private final Kernels kernels = new ScalarKernels();
        private final List<WeakReference<Kernel>> layers = Collections.synchronizedList(new ArrayList<>());

        @Override
        public Kernel pack(KernelSpec spec) {
            Kernel kernel = kernels.pack(spec);
            if (LayerContent.of(spec).isPresent()) {
                layers.add(new WeakReference<>(kernel));
            }
            return kernel;
        }

        @Override
        public String description() {
            return kernels.description();
        }
    }

    private final Noting noting = new Noting();

    @Test
    void aLayerIsPackedOnceForAllCompilations() {
        GraphEngine engine = new GraphEngine(noting);
        Graph graph = SmallNets.mixed();
        engine.compile(graph);
        assertEquals(LAYERS_OF_MIXED, noting.layers.size());
        engine.compile(graph);
        // Of the same numbers in other arrays.
        FloatTensor image = SmallNets.floats(new Random(1), 1, 3, 20, 20);
        float[] cached = engine.compile(SmallNets.mixed()).newWorker().run(image, Tap.NONE).data();
        assertEquals(LAYERS_OF_MIXED, noting.layers.size());
        assertArrayEquals(new GraphEngine(new ScalarKernels()).compile(graph).newWorker().run(image, Tap.NONE).data(), cached);
    }

    @Test
    void whateverDiffersIsPackedByItself() {
        KernelCache cache = new KernelCache(noting, PLENTY);
        List<KernelSpec> specs = new ArrayList<>();
        for (int changed = -1; changed < 5; changed++) {
            specs.add(conv(changed));
        }
        for (int changed = -1; changed < 7; changed++) {
            specs.add(int8(changed));
            specs.add(new KernelSpec.SaturatedInt8Conv(int8(changed), new int[4]));
        }
        specs.add(new KernelSpec.SaturatedInt8Conv(int8(-1), new int[] {0, 0, 0, 1}));
        for (int changed = -1; changed < 4; changed++) {
            specs.add(bits(changed));
        }
        specs.add(new KernelSpec.Rows(2, 6, 4, conv(-1)));
        specs.add(new KernelSpec.Rows(3, 6, 4, conv(-1)));
        List<Kernel> packed = specs.stream().map(cache::pack).toList();
        assertEquals(specs.size(), noting.layers.size());
        for (int i = 0; i < specs.size(); i++) {
            assertSame(packed.get(i), cache.pack(specs.get(i)));
        }
        assertSame(packed.getFirst(), cache.pack(conv(-1)));
        assertEquals(specs.size(), noting.layers.size());
    }

    /** @param changed the first, a middle and the last weight, a bias, the geometry; -1 for none */
    private static KernelSpec conv(int changed) {
        float[] weight = new float[600 * 4];
        float[] bias = new float[4];
        if (changed >= 0 && changed < 3) {
            weight[new int[] {0, 1201, weight.length - 1}[changed]] = 1;
        }
        bias[2] = changed == 3 ? 1 : 0;
        ConvShape shape = changed == 4 ? new ConvShape(600, 2, 2, 4, 2, 2, 1, 1, 1, 1, 0, 0, 1, 1, 1) : ConvShape.linear(600, 4);
        return new KernelSpec.Conv(shape, weight, bias);
    }

    private static KernelSpec.Int8Conv int8(int changed) {
        short[] weight = new short[600 * 4];
        weight[1201] = (short) (changed == 0 ? 1 : 0);
        int[] offset = {changed == 1 ? 1 : 0, 0, 0, 0};
        float[] bias = {0, changed == 2 ? 1 : 0, 0, 0};
        float[] multiplier = {1, 1, changed == 3 ? 2 : 1, 1};
        return new KernelSpec.Int8Conv(ConvShape.linear(600, 4), changed == 4 ? 1 : 0, changed == 5 ? 127 : 255, weight,
                new Requantize(offset, bias, multiplier, 9, changed == 6 ? 9 : 0));
    }

    /** @param changed the signs' source, a weight, alpha, bias; -1 for none */
    private static KernelSpec bits(int changed) {
        float[] weight = new float[600 * 4];
        weight[2399] = changed == 1 ? -1 : 1;
        return new KernelSpec.BinaryConv(ConvShape.linear(600, 4), SignSource.float32(changed == 0 ? 1 : 0), weight,
                new float[] {1, 1, 1, changed == 2 ? 2 : 1}, new float[] {0, changed == 3 ? 1 : 0, 0, 0});
    }

    @Test
    void twoCompilationsAtOncePackOnce() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        KernelCache cache = new KernelCache(new Noting() {
            @Override
            public Kernel pack(KernelSpec spec) {
                begun.countDown();
                await(goOn);
                return noting.pack(spec);
            }
        }, PLENTY);
        List<FutureTask<Kernel>> two = twoAtATime(cache, begun, goOn);
        assertSame(two.getFirst().get(), two.getLast().get());
        assertEquals(1, noting.layers.size());
    }

    @Test
    void whereOneFailsTheOtherPacks() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        KernelCache cache = new KernelCache(new Noting() {
            @Override
            public Kernel pack(KernelSpec spec) {
                if (begun.getCount() > 0) {
                    begun.countDown();
                    await(goOn);
                    throw new IllegalStateException("no room");
                }
                return noting.pack(spec);
            }
        }, PLENTY);
        List<FutureTask<Kernel>> two = twoAtATime(cache, begun, goOn);
        assertThrows(ExecutionException.class, two.getFirst()::get);
        assertSame(two.getLast().get(), cache.pack(conv(-1)));
    }

    /** The same layer: the second thread comes while the first one packs, which goes on then. */
    private static List<FutureTask<Kernel>> twoAtATime(KernelCache cache, CountDownLatch begun, CountDownLatch goOn) {
        FutureTask<Kernel> first = new FutureTask<>(() -> cache.pack(conv(-1)));
        FutureTask<Kernel> second = new FutureTask<>(() -> cache.pack(conv(-1)));
        Thread.ofPlatform().start(first);
        await(begun);
        untilItWaits(Thread.ofPlatform().start(second));
        goOn.countDown();
        return List.of(first, second);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void untilItWaits(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void memoryIsReleasedWhenExecutablesGo() {
        GraphEngine engine = new GraphEngine(noting, 0);
        Executable executable = engine.compile(SmallNets.mixed());
        engine.compile(SmallNets.mixed());
        assertEquals(LAYERS_OF_MIXED, noting.layers.size());
        assertEquals("plain Java", executable.ways().get("conv2"));
        executable = null;
        noting.layers.forEach(KernelCacheTest::assertGoes);
        engine.compile(SmallNets.mixed());
        assertEquals(2 * LAYERS_OF_MIXED, noting.layers.size());
    }

    @Test
    void theLastLayersAreKeptWithinTheBound() {
        long two = 2 * LayerContent.of(conv(0)).orElseThrow().bytes();
        KernelCache cache = new KernelCache(noting, two);
        cache.pack(conv(0));
        cache.pack(conv(1));
        cache.pack(conv(0));
        cache.pack(conv(2));
        assertEquals(3, noting.layers.size());
        assertGoes(noting.layers.get(1));
        cache.pack(conv(0));
        cache.pack(conv(2));
        assertEquals(3, noting.layers.size());
        cache.pack(conv(1));
        assertEquals(4, noting.layers.size());
        assertGoes(noting.layers.get(0));
    }

    private static void assertGoes(WeakReference<Kernel> kernel) {
        Instant end = Instant.now().plus(PATIENCE);
        while (kernel.get() != null && Instant.now().isBefore(end)) {
            System.gc();
        }
        assertNull(kernel.get(), "still alive");
    }

    static Stream<Arguments> roads() {
        return EmittedRoads.all().entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
    }

    /** One layer's weights are shared, what is fused with it is not. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("roads")
    void networksThatFuseOneLayerDifferentlyRunSideBySide(String road, Kernels kernels) throws Exception {
        GraphEngine engine = new GraphEngine(kernels);
        List<Executable> executables = new ArrayList<>();
        List<float[]> expected = new ArrayList<>();
        FloatTensor image = SmallNets.floats(new Random(3), 1, 3, 12, 12);
        for (int norms = 0; norms < 3; norms++) {
            executables.add(engine.compile(layers(norms)));
            expected.add(new GraphEngine(kernels).compile(layers(norms)).newWorker().run(image, Tap.NONE).data());
        }
        try (ExecutorService pool = Executors.newFixedThreadPool(executables.size())) {
            List<Future<Void>> runs = new ArrayList<>();
            for (int i = 0; i < executables.size(); i++) {
                Worker worker = executables.get(i).newWorker();
                float[] alone = expected.get(i);
                runs.add(pool.submit((Callable<Void>) () -> {
                    for (int turn = 0; turn < 50; turn++) {
                        assertArrayEquals(alone, worker.run(image, Tap.NONE).data());
                    }
                    return null;
                }));
            }
            for (Future<Void> run : runs) {
                run.get();
            }
        }
    }

    /** fp32 and binary layers whose weights are always the same, with batch norms that are not. */
    private static Graph layers(int norms) {
        Random weights = new Random(1);
        Random other = new Random(norms);
        GraphBuilder b = new GraphBuilder("layers");
        SmallNets.add(b, "input", new Op.Input(Shape.of(1, 3, 12, 12)));
        SmallNets.add(b, "conv", new Op.Conv2d(SmallNets.floats(weights, 32, 3, 3, 3), Optional.empty(),
                ConvGeometry.of(1, 1)), "input");
        SmallNets.add(b, "norm1", norm(other), "conv");
        SmallNets.add(b, "relu", new Op.Relu(), "norm1");
        SmallNets.add(b, "norm2", norm(other), "relu");
        SmallNets.add(b, "bits1", bits(weights), "norm2");
        SmallNets.add(b, "norm3", norm(other), "bits1");
        SmallNets.add(b, "bits2", bits(weights), "norm3");
        SmallNets.add(b, "norm4", norm(other), "bits2");
        return b.build(List.of("norm4"));
    }

    private static Op norm(Random random) {
        return new Op.BatchNorm2d(SmallNets.floats(random, 32), SmallNets.floats(random, 32), SmallNets.floats(random, 32),
                FloatTensor.vector(new float[32]), 0.1f);
    }

    private static Op bits(Random random) {
        FloatTensor alpha = FloatTensor.vector(new float[32]);
        Arrays.fill(alpha.data(), 0.5f);
        FloatTensor weight = SmallNets.floats(random, 32, 32, 3, 3);
        for (int i = 0; i < weight.data().length; i++) {
            weight.data()[i] = Math.copySign(0.5f, weight.data()[i]);
        }
        return new Op.BinaryConv2d(weight, alpha, Optional.empty(), ConvGeometry.of(1, 1), SignOfZero.PLUS_ONE);
    }

    /** What is fused keeps its layer, so that the next executable finds it. */
    @Test
    void aFusedKernelKeepsItsLayer() {
        Optional<Kernels> road = EmittedRoads.all().values().stream().findFirst();
        Assumptions.assumeTrue(road.isPresent(), "needs AVX2");
        KernelCache cache = new KernelCache(road.get(), 0);
        KernelSpec spec = new KernelSpec.Conv(ConvShape.linear(20, 16), new float[320], new float[16]);
        Kernel fused = cache.fuse(cache.pack(spec), new Fused(new Fused.Input.AsSpecified(), new Fused.Output.Floats(
                List.of(new KernelSpec.Unary(16, UnaryFunction.RELU, 0, 0))))).orElseThrow();
        System.gc();
        assertSame(((HoldingKernel<?>) fused).held(), cache.pack(spec));
    }
}
