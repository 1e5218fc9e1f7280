package quantscope.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import quantscope.dataset.ImageSet;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.ptq.Calibrate;
import quantscope.ptq.Calibration;
import quantscope.ptq.Convert;
import quantscope.ptq.Fix;
import quantscope.ptq.FixKind;
import quantscope.ptq.Nets;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepare;
import quantscope.ptq.Prepared;
import quantscope.ptq.Preset;
import quantscope.ptq.Specification;
import quantscope.run.GraphEngine;
import quantscope.run.ImageRunner;
import quantscope.run.ParallelImageRunner;
import quantscope.run.Tap;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

class CompareRunsTest {

    private static final int COUNT = 9;

    private final GraphEngine engine = new GraphEngine(new ScalarKernels());
    private final List<FloatTensor> images = images();

    private static List<FloatTensor> images() {
        Nets random = new Nets("images", 5, Shape.of(1, 3, 8, 8));
        List<FloatTensor> images = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            images.add(random.tensor(Shape.of(1, 3, 8, 8)));
        }
        return images;
    }

    private static List<ImageSet.Item> items(OptionalInt label) {
        List<ImageSet.Item> items = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            items.add(new ImageSet.Item("class/" + i + ".png", label));
        }
        return items;
    }

    private Calibration calibrate(Prepared prepared) {
        return new Calibrate(engine, new ParallelImageRunner(2)).run(prepared, ImageRunner.ImageInputs.of(images),
                COUNT, 4, Progress.NONE, Cancellation.NEVER);
    }

    private Comparison compare(Prepared prepared, int threads, OptionalInt label) {
        return new CompareRuns(engine, new ParallelImageRunner(threads)).run(prepared,
                Convert.run(prepared, calibrate(prepared)), items(label), ImageRunner.ImageInputs.of(images), List.of(),
                Progress.NONE, Cancellation.NEVER);
    }

    private static Prepared prepared(Graph graph, Preset preset) {
        return Prepare.run(graph, preset.apply(graph, Specification.EMPTY).specification());
    }

    @Test
    void unchangedNetworkDriftsNowhere() {
        Comparison same = compare(Prepare.run(Nets.xnor(), Specification.EMPTY), 2, OptionalInt.empty());
        assertEquals(0, same.drift().top1Drift());
        assertEquals(0, same.drift().top1DriftCi95().low());
        assertEquals(OptionalDouble.empty(), same.drift().fp32Top1());
        assertTrue(same.layers().stream().allMatch(l -> l.metrics().sqnrDb() == Double.POSITIVE_INFINITY));
        assertEquals(List.of(new SignFlips("conv2", 0)), same.signFlips());
        assertEquals("plain Java", same.kernels().get("conv1"));
        assertEquals(Nets.xnor().layers().stream().map(Node::name).toList(),
                same.layers().stream().map(LayerError::layer).toList());
    }

    @Test
    void numberOfThreadsChangesNothing() {
        Prepared prepared = prepared(Nets.notQuantizable(), Preset.EVERYTHING);
        assertEquals(compare(prepared, 1, OptionalInt.of(0)), compare(prepared, 4, OptionalInt.of(0)));
    }

    @Test
    void answersAreThoseOfTheTwoNetworksRunAlone() {
        Prepared prepared = prepared(Nets.xnor(), Preset.EVERYTHING);
        Comparison comparison = compare(prepared, 2, OptionalInt.of(3));
        Graph converted = Convert.run(prepared, calibrate(prepared));
        int differing = 0;
        int right = 0;
        for (int i = 0; i < COUNT; i++) {
            int fp32 = top(engine.compile(prepared.source()).newWorker().run(images.get(i), Tap.NONE));
            int now = top(engine.compile(converted).newWorker().run(images.get(i), Tap.NONE));
            ImageComparison image = comparison.drift().images().get(i);
            assertEquals("class/" + i + ".png", image.path());
            assertEquals(fp32, image.fp32().top1());
            assertEquals(now, image.converted().top1());
            differing += fp32 == now ? 0 : 1;
            right += fp32 == 3 ? 1 : 0;
        }
        assertEquals(differing / (double) COUNT, comparison.drift().top1Drift());
        assertEquals(right / (double) COUNT, comparison.drift().fp32Top1().getAsDouble());
        assertTrue(comparison.drift().fp32Top5().getAsDouble() >= comparison.drift().fp32Top1().getAsDouble());
    }

    private static int top(FloatTensor output) {
        int best = 0;
        for (int i = 1; i < output.data().length; i++) {
            best = output.data()[i] > output.data()[best] ? i : best;
        }
        return best;
    }

    @Test
    void fusedGroupIsComparedAsOneLayerAndInt8ErrorIsSmallButThere() {
        Specification fused = Specification.EMPTY.withPrecision("conv1", Optional.of(Precision.INT8))
                .withFix(new Fix(FixKind.FUSE, "conv1"));
        Comparison comparison = compare(Prepare.run(Nets.xnor(), fused), 2, OptionalInt.empty());
        List<String> layers = comparison.layers().stream().map(LayerError::layer).toList();
        assertTrue(layers.contains("conv1") && !layers.contains("bn1") && !layers.contains("relu1"), layers.toString());
        double sqnr = comparison.layers().getFirst().metrics().sqnrDb();
        assertTrue(sqnr > 25 && sqnr < 60, "SQNR of conv1 is " + sqnr);
        double flips = comparison.signFlips().getFirst().rate();
        assertTrue(flips > 0 && flips < 0.2, "sign flip rate is " + flips);
    }

    @Test
    void cancellingGivesNoResult() {
        Prepared prepared = Prepare.run(Nets.xnor(), Specification.EMPTY);
        Graph converted = Convert.run(prepared, calibrate(prepared));
        int[] seen = new int[1];
        assertThrows(CancellationException.class, () -> new CompareRuns(engine, new ParallelImageRunner(2)).run(
                prepared, converted, items(OptionalInt.empty()), ImageRunner.ImageInputs.of(images), List.of(),
                (done, total, what) -> seen[0] = (int) done, () -> seen[0] > 2));
        assertThrows(IllegalArgumentException.class, () -> new CompareRuns(engine, new ParallelImageRunner(1)).run(
                prepared, converted, List.of(), ImageRunner.ImageInputs.of(images), List.of(), Progress.NONE,
                Cancellation.NEVER));
    }
}
