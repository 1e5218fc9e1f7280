package quantscope.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import quantscope.dataset.ImageDecoder;
import quantscope.dataset.ImageFolder;
import quantscope.dataset.ImageLoader;
import quantscope.dataset.ImageOrder;
import quantscope.dataset.ImageSet;
import quantscope.dataset.LoadedImages;
import quantscope.dataset.Preprocessing;
import quantscope.export.PreprocessingJson;
import quantscope.export.ConfigurationException;
import quantscope.format.Model;
import quantscope.format.ModelFormatException;
import quantscope.format.pt2.Pt2Reader;
import quantscope.graph.ExtractUpTo;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.ValueType;
import quantscope.ptq.Calibrate;
import quantscope.ptq.Calibration;
import quantscope.ptq.Convert;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepare;
import quantscope.ptq.Prepared;
import quantscope.ptq.Preset;
import quantscope.ptq.Specification;
import quantscope.ptq.Ticks;
import quantscope.quant.Profile;
import quantscope.run.Engine;
import quantscope.run.ParallelImageRunner;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;

/** The sample models, calibrated and converted for a profile, as far as int8 reaches. */
final class SampleLevels {

    /** With everything in int8; of the binarized network that is the first layer, the others stay as they are. */
    static final List<String> MODELS = List.of("alexnet", "alexnet-xnor", "residual", "quantizable");

    private final Path folder;
    private final Engine engine;
    private final int calibration;
    private final int compared;

    /** @param calibration images that calibrate; the next {@code compared} ones are compared */
    SampleLevels(Path folder, Engine engine, int calibration, int compared) {
        this.folder = folder;
        this.engine = engine;
        this.calibration = calibration;
        this.compared = compared;
    }

    record Sample(Graph graph, List<FloatTensor> images) { }

    Sample sample(String name, Profile profile) throws IOException {
        try {
            Model model = new Pt2Reader().read(folder.resolve(name + ".pt2"), Progress.NONE, Cancellation.NEVER);
            Preprocessing preprocessing = PreprocessingJson.parse(model.metadata().get("preprocessing"));
            LoadedImages images = images(preprocessing);
            Prepared prepared = Prepare.run(model.graph(), chosen(name, model.graph(), profile));
            Calibration found = new Calibrate(engine, ParallelImageRunner.onAllCores()).run(prepared, images::input, calibration,
                    calibration, Progress.NONE, Cancellation.NEVER);
            Graph converted = Convert.run(prepared, found);
            String last = converted.nodes().stream().filter(n -> n.type() instanceof ValueType.Int8).map(Node::name)
                    .reduce((_, b) -> b).orElseThrow();
            return new Sample(ExtractUpTo.run(converted, List.of(last)),
                    IntStream.range(calibration, images.count()).mapToObj(images::input).toList());
        } catch (ModelFormatException | ConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Specification chosen(String name, Graph graph, Profile profile) {
        Specification empty = Specification.EMPTY.withProfile(profile);
        return Ticks.fuse(graph, name.endsWith("xnor") ? Ticks.tick(graph, empty, "conv1", Precision.INT8).specification()
                : Preset.EVERYTHING.apply(graph, empty).specification());
    }

    private LoadedImages images(Preprocessing preprocessing) {
        ImageSet set = ImageFolder.scan(folder.resolve("images"), Cancellation.NEVER);
        return ImageLoader.onAllCores(new ImageDecoder()).load(set, ImageOrder.shuffled(set, 0), calibration + compared,
                preprocessing, new ArrayList<>(), Progress.NONE, Cancellation.NEVER);
    }
}
