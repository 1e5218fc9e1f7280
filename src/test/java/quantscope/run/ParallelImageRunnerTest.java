package quantscope.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import quantscope.graph.Graph;
import quantscope.kernel.Team;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.kernel.vector.VectorKernels;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

class ParallelImageRunnerTest {

    private static final int IMAGES = 23;

    private final Executable executable = new GraphEngine(new VectorKernels()).compile(SmallNets.mixed());
    /** Of which a thread takes one image at a time. */
    private final Executable oneByOne = new GraphEngine(new ScalarKernels()).compile(SmallNets.mixed());

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 2, 3, 8, 40})
    void resultsAndOrderDoNotDependOnThreads(int threads) {
        Worker worker = executable.newWorker();
        List<Integer> order = new ArrayList<>();
        List<Long> progress = new ArrayList<>();
        new ParallelImageRunner(threads).run(executable, ParallelImageRunnerTest::image, IMAGES, Set.of("conv1"),
                result -> {
                    order.add(result.index());
                    float[] alone = worker.run(image(result.index()), Tap.NONE).data();
                    assertArrayEquals(alone, result.output().data(), "image " + result.index());
                    assertEquals(Set.of("conv1"), result.taps().keySet());
                }, (done, total, what) -> progress.add(done), Cancellation.NEVER);
        assertEquals(IntStream.range(0, IMAGES).boxed().toList(), order);
        assertEquals((long) IMAGES, progress.getLast());
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 4})
    void threadsShareTheLayersOfASingleImage(int threads) {
        float[] alone = executable.newWorker().run(image(0), Tap.NONE).data();
        List<float[]> outputs = new ArrayList<>();
        new ParallelImageRunner(threads).run(executable, ParallelImageRunnerTest::image, 1, Set.of(),
                result -> outputs.add(result.output().data()), Progress.NONE, Cancellation.NEVER);
        assertEquals(1, outputs.size());
        assertArrayEquals(alone, outputs.getFirst());
    }

    @ParameterizedTest(name = "{0} threads")
    @ValueSource(ints = {1, 3})
    void aSingleImageHasAsManyThreadsAsTheRunnerAndOneOfManyHasOne(int threads) {
        assertEquals(Set.of(threads), members(threads, 1));
        assertEquals(Set.of(1), members(threads, 6));
    }

    /** Members of the teams that a run's workers have. */
    private Set<Integer> members(int threads, int count) {
        Set<Integer> members = ConcurrentHashMap.newKeySet();
        Executable noting = new Executable() {
            @Override
            public Graph graph() {
                return executable.graph();
            }

            @Override
            public Worker newWorker(int images, Team team) {
                members.add(team.members());
                return executable.newWorker(images, team);
            }

            @Override
            public long activationBytes() {
                return executable.activationBytes();
            }

            @Override
            public boolean gainsFromImages() {
                return executable.gainsFromImages();
            }

            @Override
            public Map<String, String> ways() {
                return executable.ways();
            }
        };
        new ParallelImageRunner(threads).run(noting, ParallelImageRunnerTest::image, count, Set.of(), result -> { },
                Progress.NONE, Cancellation.NEVER);
        return members;
    }

    @Test
    void noMoreThanTwoImagesAThreadRunAhead() {
        AtomicInteger begun = new AtomicInteger();
        new ParallelImageRunner(2).run(oneByOne, i -> {
            begun.incrementAndGet();
            return image(i);
        }, IMAGES, Set.of(), result -> assertTrue(begun.get() <= result.index() + 4, "begun " + begun),
                Progress.NONE, Cancellation.NEVER);
        assertEquals(IMAGES, begun.get());
    }

    @Test
    void whatTheConsumerThrowsComesOutAndEndsTheRun() {
        IllegalArgumentException failure = new IllegalArgumentException("enough");
        AtomicInteger begun = new AtomicInteger();
        assertSame(failure, assertThrows(IllegalArgumentException.class,
                () -> new ParallelImageRunner(2).run(oneByOne, i -> {
                    begun.incrementAndGet();
                    return image(i);
                }, 1000, Set.of(), result -> {
                    throw failure;
                }, Progress.NONE, Cancellation.NEVER)));
        assertTrue(begun.get() <= 4, "begun " + begun);
    }

    @Test
    void whatAnInputThrowsComesOut() {
        IllegalStateException failure = new IllegalStateException("no image");
        List<Integer> seen = new ArrayList<>();
        assertSame(failure, assertThrows(IllegalStateException.class,
                () -> new ParallelImageRunner(3).run(oneByOne, i -> {
                    if (i == 5) {
                        throw failure;
                    }
                    return image(i);
                }, IMAGES, Set.of(), result -> seen.add(result.index()), Progress.NONE, Cancellation.NEVER)));
        assertEquals(List.of(0, 1, 2, 3, 4), seen);
    }

    @Test
    void cancellationEndsTheRun() {
        AtomicInteger seen = new AtomicInteger();
        assertThrows(CancellationException.class, () -> new ParallelImageRunner(2).run(executable,
                ParallelImageRunnerTest::image, 1000, Set.of(), result -> seen.incrementAndGet(), Progress.NONE,
                () -> seen.get() == 3));
        assertEquals(3, seen.get());
    }

    @Test
    void noThreadOutlivesARun() throws InterruptedException {
        new ParallelImageRunner(4).run(executable, ParallelImageRunnerTest::image, 8, Set.of(), result -> { },
                Progress.NONE, Cancellation.NEVER);
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("quantscope-image-")) {
                assertTrue(thread.join(Duration.ofSeconds(20)), thread + " goes on");
            }
        }
    }

    @Test
    void noImagesIsNoWork() {
        new ParallelImageRunner(2).run(executable, ParallelImageRunnerTest::image, 0, Set.of(),
                result -> {
                    throw new AssertionError("no image was asked for");
                }, Progress.NONE, Cancellation.NEVER);
    }

    private static FloatTensor image(int index) {
        Random random = new Random(index);
        float[] data = new float[3 * 20 * 20];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) random.nextGaussian();
        }
        return new FloatTensor(Shape.of(1, 3, 20, 20), data);
    }
}
