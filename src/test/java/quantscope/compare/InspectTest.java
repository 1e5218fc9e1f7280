package quantscope.compare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
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
import quantscope.quant.QuantParams;
import quantscope.run.GraphEngine;
import quantscope.run.ImageRunner;
import quantscope.run.ParallelImageRunner;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

class InspectTest {

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

    private Calibration calibrate(Prepared prepared) {
        return new Calibrate(engine, new ParallelImageRunner(2)).run(prepared, ImageRunner.ImageInputs.of(images),
                COUNT, 4, Progress.NONE, Cancellation.NEVER);
    }

    private static Prepared prepared(Graph graph, Preset preset) {
        return Prepare.run(graph, preset.apply(graph, Specification.EMPTY).specification());
    }

    private LayerInsight inspect(Prepared prepared, String layer) {
        Calibration calibration = calibrate(prepared);
        return new Inspect(engine, new ParallelImageRunner(2)).run(prepared, calibration,
                Convert.run(prepared, calibration), layer, ImageRunner.ImageInputs.of(images), COUNT, Progress.NONE,
                Cancellation.NEVER);
    }

    @Test
    void everyLayerOfEveryPreparedGraphCanBeInspected() {
        Specification fp32 = Specification.EMPTY.withPrecision("conv2", Optional.of(Precision.FP32));
        List<Prepared> all = List.of(prepared(Nets.xnor(), Preset.EVERYTHING), prepared(Nets.xnor(), Preset.NOTHING),
                prepared(Nets.notQuantizable(), Preset.EVERYTHING), Prepare.run(Nets.xnor(), fp32),
                Prepare.run(Nets.xnor(), fp32.withPrecision("conv2", Optional.of(Precision.INT8))),
                Prepare.run(Nets.xnor(), fp32.withPrecision("fc", Optional.of(Precision.BINARY))));
        for (Prepared prepared : all) {
            for (Node node : prepared.graph().layers()) {
                LayerInsight insight = inspect(prepared, node.name());
                long elements = (long) COUNT * prepared.graph().node(insight.output().node()).requireShape().elements();
                assertEquals(elements, insight.output().histograms().fp32().total(), node.name());
                assertEquals(elements, insight.output().histograms().converted().total(), node.name());
            }
        }
    }

    @Test
    void severalLayersAtOnceAreWhatEachIsAlone() {
        Prepared prepared = prepared(Nets.notQuantizable(), Preset.EVERYTHING);
        Calibration calibration = calibrate(prepared);
        Graph converted = Convert.run(prepared, calibration);
        List<String> layers = prepared.int8Layers();
        List<LayerInsight> together = new Inspect(engine, new ParallelImageRunner(2)).run(prepared, calibration, converted,
                layers, ImageRunner.ImageInputs.of(images), COUNT, Progress.NONE, Cancellation.NEVER);
        assertEquals(layers, together.stream().map(LayerInsight::layer).toList());
        assertTrue(layers.size() > 2, layers.toString());
        for (LayerInsight insight : together) {
            LayerInsight alone = inspect(prepared, insight.layer());
            assertEquals(alone.input().metrics(), insight.input().metrics(), insight.layer());
            assertEquals(alone.output().metrics(), insight.output().metrics(), insight.layer());
            assertArrayEquals(alone.output().histograms().converted().counts(),
                    insight.output().histograms().converted().counts(), insight.layer());
            assertEquals(alone.weight().isPresent(), insight.weight().isPresent(), insight.layer());
        }
    }

    @Test
    void conv1ShowsItsInputWithTheTypesClipRangeAndTheObserversReducedOne() {
        Prepared prepared = prepared(Nets.xnor(), Preset.FIRST_ONLY);
        Calibration calibration = calibrate(prepared);
        float[] brighter = images.getFirst().data().clone();
        for (int i = 0; i < brighter.length; i++) {
            brighter[i] *= 3;
        }
        FloatTensor image = new FloatTensor(images.getFirst().shape(), brighter);
        LayerInsight insight = new Inspect(engine, new ParallelImageRunner(1)).run(prepared, calibration,
                Convert.run(prepared, calibration), "conv1", i -> image, 1, Progress.NONE, Cancellation.NEVER);
        ActivationInsight input = insight.input();
        QuantParams.PerTensor params = calibration.activations().get("quant_conv1").params();
        assertEquals("quant_conv1", input.node());
        assertEquals(Optional.of(params), input.params());
        ActivationInsight.Range clip = input.clip().orElseThrow();
        assertEquals((255 - params.zeroPoint()) * params.scale(), clip.max());
        assertEquals(-params.zeroPoint() * params.scale(), clip.min());
        assertEquals(Optional.of(new ActivationInsight.Range(clip.min(), (127 - params.zeroPoint()) * params.scale())),
                input.planned());
        long outside = 0;
        for (float v : brighter) {
            outside += v > clip.max() + params.scale() / 2 || v < clip.min() - params.scale() / 2 ? 1 : 0;
        }
        assertTrue(outside > 0, "this test wants clipped values");
        assertEquals(outside / 192.0, input.clipped(), 1e-12);
        assertEquals(Optional.empty(), insight.signFlips());
    }

    @Test
    void weightInsightCountsLevelsChannelByChannel() {
        LayerInsight insight = inspect(prepared(Nets.xnor(), Preset.FIRST_ONLY), "conv1");
        WeightInsight weight = insight.weight().orElseThrow();
        assertEquals(4, weight.channels().size());
        assertEquals(108, weight.overall().fp32().total());
        assertTrue(weight.channels().stream().allMatch(c -> c.converted().total() == 27));
        assertTrue(weight.metrics().sqnrDb() > 30, "SQNR " + weight.metrics().sqnrDb());
        assertTrue(weight.levels().used() > 40 && weight.levels().used() <= 108, "levels " + weight.levels());
        assertTrue(weight.levels().bits() > 5 && weight.levels().bits() < 7, "bits " + weight.levels());
        assertEquals(4, weight.channelLevels().size());
        assertTrue(weight.channelLevels().stream().allMatch(u -> u.used() <= 27 && u.bits() <= Math.log(27) / Math.log(2)),
                "a channel has 27 values: " + weight.channelLevels());
    }

    @Test
    void fp32IsNotCountedInTheBinsOfTheLevels() {
        LayerInsight insight = inspect(prepared(Nets.xnor(), Preset.FIRST_ONLY), "conv1");
        for (HistogramPair pair : List.of(insight.weight().orElseThrow().channels().getFirst(),
                insight.input().histograms(), insight.output().histograms())) {
            assertTrue(pair.levels());
            assertNotEquals(pair.converted().bins(), pair.fp32().bins());
        }
        assertFalse(insight.weight().orElseThrow().overall().levels(), "its channels have scales of their own");
    }

    @Test
    void layerMadeBinaryShowsItsLatentWeightAgainstPlusMinusAlpha() {
        Specification binary = Specification.EMPTY.withPrecision("conv1", Optional.of(Precision.BINARY));
        LayerInsight insight = inspect(Prepare.run(Nets.xnor(), binary), "conv1");
        assertEquals(2, insight.weight().orElseThrow().levels().used());
        assertTrue(insight.weight().orElseThrow().levels().bits() <= 1);
        assertEquals(0, insight.signFlips().orElseThrow().rate());
        assertEquals(Optional.empty(), inspect(Prepare.run(Nets.xnor(), Specification.EMPTY), "conv2").weight());
    }

    @Test
    void fusedMemberShowsItsGroup() {
        Specification fused = Specification.EMPTY.withPrecision("conv1", Optional.of(Precision.INT8))
                .withFix(new Fix(FixKind.FUSE, "conv1"));
        LayerInsight insight = inspect(Prepare.run(Nets.xnor(), fused), "bn1");
        assertEquals("conv1", insight.layer());
        assertEquals("relu1", insight.output().node());
        assertEquals(0f, insight.output().clip().orElseThrow().min());
        assertTrue(insight.output().metrics().sqnrDb() > 25);
    }

    @Test
    void layersThatAreTheSameInBothNetworksAreComputedOnce() {
        Prepared last = Prepare.run(Nets.xnor(), Specification.EMPTY.withPrecision("fc", Optional.of(Precision.INT8)));
        Graph converted = Convert.run(last, calibrate(last));
        SideBySide joined = SideBySide.of(last.source(), converted, List.of("fc"), List.of("dequant_fc"));
        assertEquals(1, joined.graph().layers().stream().filter(n -> n.op() instanceof Op.Conv2d).count());
        assertEquals("flatten", joined.converted("flatten"));
    }
}
