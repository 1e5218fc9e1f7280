package quantscope.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import quantscope.graph.Graph;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.ptq.Calibrate;
import quantscope.ptq.Calibration;
import quantscope.ptq.Convert;
import quantscope.ptq.Nets;
import quantscope.ptq.Prepare;
import quantscope.ptq.Prepared;
import quantscope.ptq.Preset;
import quantscope.ptq.Specification;
import quantscope.quant.Profile;
import quantscope.quant.QConfig;
import quantscope.run.GraphEngine;
import quantscope.run.ImageRunner;
import quantscope.run.ParallelImageRunner;
import quantscope.run.Value;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

class ForecastSaturationTest {

    private static final int COUNT = 9;

    private final GraphEngine engine = new GraphEngine(new ScalarKernels());
    private final ImageRunner runner = new ParallelImageRunner(2);
    private final List<FloatTensor> images = new ArrayList<>();
    private final ImageRunner.ImageInputs inputs;

    ForecastSaturationTest() {
        Nets random = new Nets("images", 5, Shape.of(1, 3, 8, 8));
        for (int i = 0; i < COUNT; i++) {
            images.add(random.tensor(Shape.of(1, 3, 8, 8)));
        }
        inputs = ImageRunner.ImageInputs.of(images);
    }

    private static Specification fullRange(Graph graph) {
        return Preset.EVERYTHING.apply(graph, Specification.EMPTY.withDefaultQConfig(QConfig.ONEDNN)).specification();
    }

    private Calibration calibrate(Prepared prepared) {
        return new Calibrate(engine, runner).run(prepared, inputs, COUNT, 4, Progress.NONE, Cancellation.NEVER);
    }

    private Saturation forecast(Prepared prepared, Calibration calibration, Profile profile) {
        return new ForecastSaturation(engine, runner).run(Convert.run(prepared, calibration, profile.withVnni()), profile,
                inputs, COUNT, Progress.NONE, Cancellation.NEVER);
    }

    private List<byte[]> levels(Graph converted, String layer) {
        List<byte[]> levels = new ArrayList<>();
        runner.run(engine.compile(converted), inputs, COUNT, Set.of(layer),
                result -> levels.add(((Value.Int8) result.taps().get(layer)).tensor().levels()), Progress.NONE,
                Cancellation.NEVER);
        return levels;
    }

    /** The first int8 layer reads the same levels on both CPUs, so its outputs differ exactly where the forecast says. */
    @Test
    void theFirstLayerMovesAsForecast() {
        Graph graph = Nets.quantizable();
        Prepared prepared = Prepare.run(graph, fullRange(graph));
        Calibration calibration = calibrate(prepared);
        for (Profile profile : List.of(Profile.FBGEMM, Profile.ONNXRUNTIME)) {
            LayerSaturation first = forecast(prepared, calibration, profile).layers().getFirst();
            List<byte[]> exact = levels(Convert.run(prepared, calibration, profile), first.layer());
            List<byte[]> clamped = levels(Convert.run(prepared, calibration, profile.withoutVnni()), first.layer());
            int moved = 0;
            int largest = 0;
            for (int i = 0; i < exact.size(); i++) {
                for (int e = 0; e < exact.get(i).length; e++) {
                    int move = Math.abs((exact.get(i)[e] & 0xff) - (clamped.get(i)[e] & 0xff));
                    moved += move == 0 ? 0 : 1;
                    largest = Math.max(largest, move);
                }
            }
            assertTrue(moved > 0, "nothing saturates, so nothing is tested");
            assertEquals(moved, first.moved());
            assertEquals(largest, first.largestMove());
            assertTrue(first.saturating() >= moved);
            assertEquals((long) COUNT * exact.getFirst().length, first.dotProducts());
        }
    }

    @Test
    void reducedWeightsCannotSaturate() {
        Graph graph = Nets.quantizable();
        Specification full = fullRange(graph);
        Prepared prepared = Prepare.run(graph, full);
        String first = forecast(prepared, calibrate(prepared), Profile.FBGEMM).saturating().getFirst().layer();
        Prepared mended = Prepare.run(graph, full.withQConfig(first, Optional.of(full.qconfig(first).withReducedWeight())));
        LayerSaturation after = forecast(mended, calibrate(mended), Profile.FBGEMM).layers().stream()
                .filter(l -> l.layer().equals(first)).findFirst().orElseThrow();
        assertTrue(after.safe());
        assertEquals(0, after.saturating());
        assertFalse(forecast(prepared, calibrate(prepared), Profile.FBGEMM).layers().getFirst().safe());
    }

    @Test
    void qnnpackNeverSaturates() {
        Graph graph = Nets.quantizable();
        Prepared prepared = Prepare.run(graph, fullRange(graph));
        Saturation saturation = forecast(prepared, calibrate(prepared), Profile.QNNPACK);
        assertEquals(List.of(), saturation.layers());
        assertFalse(saturation.profile().saturates());
    }
}
