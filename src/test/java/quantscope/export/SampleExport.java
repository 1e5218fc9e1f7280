package quantscope.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.compare.Comparison;
import quantscope.dataset.ImageSelection;
import quantscope.dataset.Preprocessing;
import quantscope.format.Model;
import quantscope.format.ModelFormatException;
import quantscope.format.Readers;
import quantscope.format.onnx.OnnxReader;
import quantscope.format.pt2.Pt2Reader;
import quantscope.graph.Graph;
import quantscope.graph.GraphBuilder;
import quantscope.graph.Origin;
import quantscope.ptq.Calibrate;
import quantscope.ptq.Calibration;
import quantscope.ptq.Nets;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepare;
import quantscope.ptq.Prepared;
import quantscope.ptq.Specification;
import quantscope.ptq.Ticks;
import quantscope.quant.QuantParams;
import quantscope.run.GraphEngine;
import quantscope.run.ImageRunner;
import quantscope.run.KernelProvider;
import quantscope.run.ParallelImageRunner;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** A sample model with layers ticked and calibrated on two images of random numbers. */
public final class SampleExport {

    private static final Shape IMAGE = Shape.of(1, 3, 64, 64);

    private SampleExport() { }

    public static Graph graph(String model) throws ModelFormatException, IOException {
        return model(model).graph();
    }

    private static Model model(String model) throws ModelFormatException, IOException {
        return new Readers(List.of(new OnnxReader(), new Pt2Reader())).open(Path.of("sample-models", model), Progress.NONE,
                Cancellation.NEVER);
    }

    /** The graph as a file has it that says nothing of modules. */
    public static Graph withoutModules(Graph graph) {
        GraphBuilder builder = new GraphBuilder(graph.name(), graph.profile());
        graph.nodes().forEach(n -> builder.add(n.name(), n.op(), n.inputs(), Origin.of(n.name(), n.op().kind())));
        return builder.build(graph.outputs());
    }

    /** Ticked layers as the window ticks them. */
    public static Specification ticked(Graph graph, boolean fuse, String... int8) {
        Specification specification = Specification.EMPTY;
        for (String layer : int8) {
            specification = Ticks.tick(graph, specification, layer, Precision.INT8).specification();
        }
        return fuse ? Ticks.fuse(graph, specification) : specification;
    }

    public static Exportable of(String model, boolean fuse, String... int8) throws ModelFormatException, IOException {
        return of(model, ticked(graph(model), fuse, int8), Optional.empty());
    }

    public static Exportable of(String model, Specification specification, Optional<Comparison> comparison)
            throws ModelFormatException, IOException {
        return of(graph(model), model, specification, comparison);
    }

    /** A graph's own choices. */
    public static Exportable of(Graph graph, String model, Specification specification, Optional<Comparison> comparison) {
        Prepared prepared = Prepare.run(graph, specification);
        Nets random = new Nets("images", 5, IMAGE);
        List<FloatTensor> images = new ArrayList<>(List.of(random.tensor(IMAGE), random.tensor(IMAGE)));
        Calibration calibration = new Calibrate(new GraphEngine(KernelProvider.choose()), new ParallelImageRunner(1))
                .run(prepared, ImageRunner.ImageInputs.of(images), images.size(), 2, Progress.NONE, Cancellation.NEVER);
        Map<String, QuantParams> weights = new LinkedHashMap<>();
        calibration.weights().forEach((layer, weight) -> weights.put(layer, weight.params()));
        Configuration configuration = new Configuration(model, "made by a test", "0".repeat(64), specification,
                Preprocessing.imageNet(3, 64, 64), "", ImageSelection.DEFAULT, List.of(), List.of(),
                calibration.activations(), weights);
        return new Exportable(configuration, prepared, calibration, List.of("apple", "car"), comparison);
    }
}
