package quantscope.ptq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import quantscope.graph.Graph;
import quantscope.graph.Op;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.quant.ObserverKind;
import quantscope.quant.ObserverSpec;
import quantscope.quant.QConfig;
import quantscope.quant.QScheme;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.run.GraphEngine;
import quantscope.run.ImageRunner;
import quantscope.run.ParallelImageRunner;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

class CalibrateTest {

    private static final QConfig MIN_MAX = new QConfig(new ObserverSpec(ObserverKind.MIN_MAX, QuantDtype.QUINT8,
            QScheme.PER_TENSOR_AFFINE, false), ObserverSpec.PER_TENSOR_WEIGHT);

    private final GraphEngine engine = new GraphEngine(new ScalarKernels());

    private static List<FloatTensor> images(int count) {
        Nets random = new Nets("images", 99, Shape.of(1, 3, 8, 8));
        List<FloatTensor> images = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            images.add(random.tensor(Shape.of(1, 3, 8, 8)));
        }
        return images;
    }

    private Calibration calibrate(Prepared prepared, int threads, long bytes, Progress progress) {
        return new Calibrate(engine, new ParallelImageRunner(threads), bytes).run(prepared,
                ImageRunner.ImageInputs.of(images(11)), 11, 4, progress, Cancellation.NEVER);
    }

    private static Prepared everything() {
        Graph graph = Nets.notQuantizable();
        return Prepare.run(graph, Preset.EVERYTHING.apply(graph, Specification.EMPTY).specification());
    }

    private static void assertSame(Calibration a, Calibration b) {
        assertEquals(List.copyOf(a.activations().keySet()), List.copyOf(b.activations().keySet()));
        a.activations().forEach((node, x) -> {
            ActivationCalibration y = b.activations().get(node);
            assertEquals(x.params(), y.params(), node);
            assertArrayEquals(x.histogram().orElseThrow().counts(), y.histogram().orElseThrow().counts(), node);
        });
        a.weights().forEach((layer, w) -> assertArrayEquals(w.levels(), b.weights().get(layer).levels(), layer));
    }

    @Test
    void numberOfThreadsChangesNothing() {
        Prepared prepared = everything();
        assertSame(calibrate(prepared, 1, Calibrate.BATCH_BYTES, Progress.NONE),
                calibrate(prepared, 4, Calibrate.BATCH_BYTES, Progress.NONE));
    }

    @Test
    void severalPassesWithinAMemoryBudgetChangeNothing() {
        Prepared prepared = everything();
        List<Long> totals = new ArrayList<>();
        Calibration passes = calibrate(prepared, 2, 2 * 4 * 4 * 256, (done, total, what) -> totals.add(total));
        assertTrue(totals.getFirst() > 11, "one pass only");
        assertEquals(totals.getFirst().intValue(), totals.size());
        assertSame(calibrate(prepared, 2, Calibrate.BATCH_BYTES, Progress.NONE), passes);
    }

    @Test
    void stubAndLayerGetTheRangeOfTheirValues() {
        Specification specification = Nets.int8("conv1").withDefaultQConfig(MIN_MAX);
        Calibration calibration = calibrate(Prepare.run(Nets.xnor(), specification), 2, Calibrate.BATCH_BYTES,
                Progress.NONE);
        float min = 0;
        float max = 0;
        for (FloatTensor image : images(11)) {
            for (float v : image.data()) {
                min = Math.min(min, v);
                max = Math.max(max, v);
            }
        }
        ActivationCalibration stub = calibration.activations().get("quant_conv1");
        assertEquals(min, stub.observedMin());
        assertEquals(max, stub.observedMax());
        assertEquals((max - min) / 255f, stub.params().scale());
        assertEquals(List.of("quant_conv1", "conv1"), List.copyOf(calibration.activations().keySet()));
        assertTrue(calibration.weights().get("conv1").params() instanceof QuantParams.PerTensor);
    }

    @Test
    void fusedGroupIsObservedBehindTheReluSoItsRangeStartsAtZero() {
        Specification fused = Nets.int8("conv1").withFix(new Fix(FixKind.FUSE, "conv1"));
        Calibration calibration = calibrate(Prepare.run(Nets.xnor(), fused), 1, Calibrate.BATCH_BYTES, Progress.NONE);
        assertEquals(0f, calibration.activations().get("conv1").observedMin());
        assertEquals(0, calibration.activations().get("conv1").params().zeroPoint());
    }

    @Test
    void sigmoidKeepsPyTorchsFixedParameters() {
        Nets n = Nets.image("sigmoid");
        Prepared prepared = Prepare.run(n.then("sigmoid", new Op.Sigmoid()).build(), Nets.int8("sigmoid"));
        ActivationCalibration sigmoid = calibrate(prepared, 1, Calibrate.BATCH_BYTES, Progress.NONE).activations()
                .get("sigmoid");
        assertEquals(new QuantParams.PerTensor(QuantDtype.QUINT8, 1f / 256, 0), sigmoid.params());
        assertTrue(sigmoid.observedMax() < 1 && sigmoid.observedMax() > 0.5f);
    }

    @Test
    void nothingInt8NeedsNoRun() {
        Calibration empty = calibrate(Prepare.run(Nets.xnor(), Specification.EMPTY), 1, Calibrate.BATCH_BYTES,
                (done, total, what) -> { throw new AssertionError("ran"); });
        assertTrue(empty.activations().isEmpty() && empty.weights().isEmpty());
    }

    @Test
    void observerThatSawNothingFiniteIsWarnedOf() {
        FloatTensor infinite = FloatTensor.zeros(Shape.of(1, 3, 8, 8));
        java.util.Arrays.fill(infinite.data(), Float.POSITIVE_INFINITY);
        Prepared prepared = Prepare.run(Nets.xnor(), Nets.int8("conv1"));
        Calibration calibration = new Calibrate(engine, new ParallelImageRunner(1)).run(prepared, i -> infinite, 1, 1,
                Progress.NONE, Cancellation.NEVER);
        assertTrue(calibration.warnings().getFirst().startsWith("quant_conv1: "), calibration.warnings().toString());
        assertEquals(1f, calibration.activations().get("quant_conv1").params().scale());
    }

    @Test
    void cancellingGivesNoResult() {
        int[] seen = new int[1];
        assertThrows(CancellationException.class, () -> new Calibrate(engine, new ParallelImageRunner(2)).run(
                everything(), ImageRunner.ImageInputs.of(images(11)), 11, 4,
                (done, total, what) -> seen[0] = (int) done, () -> seen[0] >= 3));
    }

    @Test
    void pinnedCalibrationGivesTheSameConvertedGraph() {
        Prepared prepared = everything();
        Calibration calibration = calibrate(prepared, 2, Calibrate.BATCH_BYTES, Progress.NONE);
        Map<String, QuantParams> weights = new java.util.HashMap<>();
        calibration.weights().forEach((layer, w) -> weights.put(layer, w.params()));
        assertSame(calibration, PinCalibration.run(prepared, calibration.activations(), weights));
        Map<String, ActivationCalibration> more = new java.util.LinkedHashMap<>(calibration.activations());
        more.put("fc9", calibration.activations().get("conv1"));
        assertEquals(List.of("fc9: its scale and zero point are not used, as these choices quantize no such tensor"),
                PinCalibration.run(prepared, more, weights).warnings());
        weights.remove("conv2");
        assertTrue(assertThrows(InvalidSpecificationException.class,
                () -> PinCalibration.run(prepared, calibration.activations(), weights)).getMessage()
                .startsWith("conv2: scale and zero point of its weight"));
    }

    @Test
    void convertFusesReluIntoTheKernelAndKeepsNames() {
        Prepared prepared = everything();
        Graph converted = Convert.run(prepared, calibrate(prepared, 2, Calibrate.BATCH_BYTES, Progress.NONE));
        assertEquals(Nets.drawn(prepared.graph()), Nets.drawn(converted));
        assertTrue(((Op.QuantizedConv2d) converted.node("conv1").op()).relu());
        assertTrue(((Op.QuantizedAdd) converted.node("add").op()).relu());
        assertTrue(!((Op.QuantizedConv2d) converted.node("conv2").op()).relu());
        assertTrue(converted.node("relu").op() instanceof Op.Identity);
        assertEquals(converted.node("conv1").type(), converted.node("relu").type());
    }

    @Test
    void convertWithAnothersCalibrationSaysWhatIsMissing() {
        Calibration conv1 = calibrate(Prepare.run(Nets.xnor(), Nets.int8("conv1")), 1, Calibrate.BATCH_BYTES,
                Progress.NONE);
        Prepared both = Prepare.run(Nets.xnor(), Nets.int8("conv1").withPrecision("fc", Optional.of(Precision.INT8)));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Convert.run(both, conv1)).getMessage()
                .startsWith("quant_fc: the calibration has nothing for it"));
    }
}
