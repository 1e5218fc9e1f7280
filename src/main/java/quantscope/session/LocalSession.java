package quantscope.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import quantscope.compare.CompareRuns;
import quantscope.compare.Comparison;
import quantscope.compare.ForecastSaturation;
import quantscope.compare.ImageComparison;
import quantscope.compare.Inspect;
import quantscope.compare.LayerInsight;
import quantscope.compare.Saturation;
import quantscope.compare.Verification;
import quantscope.compare.VerifyExport;
import quantscope.dataset.DatasetException;
import quantscope.dataset.ImageFolder;
import quantscope.dataset.ImageLoader;
import quantscope.dataset.ImageOrder;
import quantscope.dataset.ImageSelection;
import quantscope.dataset.ImageSet;
import quantscope.dataset.LoadedImages;
import quantscope.dataset.PreparedImages;
import quantscope.dataset.Preprocessing;
import quantscope.dataset.SkippedImage;
import quantscope.export.AtomicFile;
import quantscope.export.Configuration;
import quantscope.export.ConfigurationException;
import quantscope.export.Exportable;
import quantscope.export.Exporter;
import quantscope.export.report.Machine;
import quantscope.format.ModelFormatException;
import quantscope.format.Readers;
import quantscope.ptq.Calibrate;
import quantscope.ptq.Calibration;
import quantscope.ptq.Convert;
import quantscope.ptq.InvalidSpecificationException;
import quantscope.ptq.PinCalibration;
import quantscope.ptq.Prepare;
import quantscope.ptq.Prepared;
import quantscope.ptq.Specification;
import quantscope.quant.Profile;
import quantscope.quant.QuantParams;
import quantscope.run.Engine;
import quantscope.run.ImageRunner;
import quantscope.run.Value;
import quantscope.run.nd4j.NumpyFiles;
import quantscope.run.nd4j.TensorStatistics;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;

/** A session on this machine: it joins readers, images, engine, quantization and exporters. */
public final class LocalSession implements Session {

    private static final int SELF_CHECK_IMAGES = 3;

    private final Readers readers;
    private final Engine engine;
    private final ImageRunner runner;
    /** The id of the exporter whose files can be verified. */
    private static final String ONNX = "onnx";

    private final ImageLoader loader;
    private final List<Exporter> exporters;
    private final String version;
    private final LoadedCache loaded = new LoadedCache();

    public LocalSession(Readers readers, Engine engine, ImageRunner runner, ImageLoader loader,
                        List<Exporter> exporters, String version) {
        this.readers = readers;
        this.engine = engine;
        this.runner = runner;
        this.loader = loader;
        this.exporters = List.copyOf(exporters);
        this.version = version;
    }

    @Override
    public OpenModel open(Path file, Progress progress, Cancellation cancellation)
            throws ModelFormatException, IOException {
        return OpenMetadata.read(readers.open(file, progress, cancellation));
    }

    @Override
    public ImageSet images(Path folder, Cancellation cancellation) {
        return ImageFolder.scan(folder, cancellation);
    }

    @Override
    public Prepared prepare(OpenModel model, Specification specification) {
        return Prepare.run(model.model().graph(), specification);
    }

    @Override
    public CalibrationRun calibrate(Job job, Progress progress, Cancellation cancellation) {
        Prepared prepared = prepare(job.model(), job.specification());
        PreparedImages images = loader.load(job.images(), job.selection(), job.preprocessing(), progress, cancellation);
        loaded.put(job.images(), job.preprocessing(), images.calibration());
        loaded.put(job.images(), job.preprocessing(), images.evaluation());
        Calibration calibration = new Calibrate(engine, runner).run(prepared, images.calibration()::input,
                images.calibration().count(), job.selection().batch(), progress, cancellation);
        List<String> warnings = new ArrayList<>(calibration.warnings());
        images.shortage().ifPresent(warnings::add);
        return new CalibrationRun(job, prepared,
                new Calibration(calibration.activations(), calibration.weights(), warnings),
                images.calibration().paths(), images.evaluation().paths(), images.skipped());
    }

    @Override
    public Comparison compare(CalibrationRun run, Progress progress, Cancellation cancellation) {
        return compare(run, items(run.job().images(), run.evaluation()), Integer.MAX_VALUE, progress, cancellation);
    }

    @Override
    public Comparison compare(CalibrationRun run, EvaluationChoice choice, Progress progress,
                              Cancellation cancellation) {
        return compare(run, candidates(run, choice), choice.limit(), progress, cancellation);
    }

    private static List<ImageSet.Item> candidates(CalibrationRun run, EvaluationChoice choice) {
        List<ImageSet.Item> all = ImageOrder.shuffled(run.job().images(), choice.seed());
        Set<String> calibrated = new HashSet<>(run.images());
        List<ImageSet.Item> others = all.stream().filter(i -> !calibrated.contains(i.path())).toList();
        return choice.withoutCalibration() && !others.isEmpty() ? others : all;
    }

    @Override
    public Verification verify(CalibrationRun run, Progress progress, Cancellation cancellation) throws IOException {
        return verify(run, items(run.job().images(), run.evaluation()), Integer.MAX_VALUE, progress, cancellation);
    }

    @Override
    public Verification verify(CalibrationRun run, EvaluationChoice choice, Progress progress, Cancellation cancellation)
            throws IOException {
        return verify(run, candidates(run, choice), choice.limit(), progress, cancellation);
    }

    private Verification verify(CalibrationRun run, List<ImageSet.Item> candidates, int limit, Progress progress,
                                Cancellation cancellation) throws IOException {
        LoadedImages images = load(run, candidates, limit, new ArrayList<>(), progress, cancellation);
        Exporter onnx = exporters.stream().filter(e -> e.id().equals(ONNX)).findFirst()
                .orElseThrow(() -> new IllegalStateException("no exporter writes " + ONNX));
        return new VerifyOnnx(new VerifyExport(engine, runner), onnx).run(exportable(run, Optional.empty()),
                Convert.run(run.prepared(), run.calibration()), images.paths(), images::input, progress, cancellation);
    }

    private Exportable exportable(CalibrationRun run, Optional<Comparison> comparison) {
        return new Exportable(configuration(run, comparison), run.prepared(), run.calibration(),
                run.job().model().classNames(), comparison);
    }

    private Comparison compare(CalibrationRun run, List<ImageSet.Item> candidates, int limit, Progress progress,
                               Cancellation cancellation) {
        List<SkippedImage> skipped = new ArrayList<>();
        LoadedImages images = load(run, candidates, limit, skipped, progress, cancellation);
        Labels labels = new Labels(run.job().images(), run.job().model().classNames(), outputs(run.prepared()));
        List<ImageSet.Item> labelled = images.items().stream().map(labels::inModelOrder).toList();
        return new CompareRuns(engine, runner).run(run.prepared(), Convert.run(run.prepared(), run.calibration()),
                labelled, images::input, skipped, progress, cancellation);
    }

    private static int outputs(Prepared prepared) {
        return (int) prepared.source().node(prepared.source().outputs().getFirst()).requireShape().elements();
    }

    @Override
    public Saturation saturation(CalibrationRun run, Progress progress, Cancellation cancellation) {
        LoadedImages images = calibrationImages(run, progress, cancellation);
        Profile profile = run.job().specification().profile();
        return new ForecastSaturation(engine, runner).run(Convert.run(run.prepared(), run.calibration(),
                profile.withVnni()), profile, images::input, images.count(), progress, cancellation);
    }

    @Override
    public LayerInsight inspect(CalibrationRun run, String layer, Progress progress, Cancellation cancellation) {
        LoadedImages images = calibrationImages(run, progress, cancellation);
        return new Inspect(engine, runner).run(run.prepared(), run.calibration(),
                Convert.run(run.prepared(), run.calibration()), layer, images::input, images.count(), progress,
                cancellation);
    }

    @Override
    public SelfCheck selfCheck(Job job, Progress progress, Cancellation cancellation) {
        LoadedImages images = loader.load(job.images(), ImageOrder.shuffled(job.images(), job.selection().seed()),
                SELF_CHECK_IMAGES, job.preprocessing(), new ArrayList<>(), Progress.NONE, cancellation);
        List<FloatTensor> inputs = new ArrayList<>();
        for (int i = 0; i < images.count(); i++) {
            inputs.add(images.input(i));
        }
        return new CheckEngine(engine, runner).run(job.model().model().graph(), inputs, progress, cancellation);
    }

    @Override
    public List<NamedStatistics> statistics(CalibrationRun run, String layer, Progress progress,
                                            Cancellation cancellation) {
        List<NamedStatistics> all = new ArrayList<>();
        captured(run, layer, progress, cancellation).forEach((name, value) -> {
            TensorStatistics s = TensorStatistics.of(switch (value) {
                case Value.Fp32 f -> f.tensor();
                case Value.Int8 i -> quantscope.quant.Quantizer.dequantize(i.tensor());
            });
            all.add(new NamedStatistics(name.replace('_', ' '), s.mean(), s.std(), s.min(), s.max(), s.absMean(),
                    s.zeros(), s.elements()));
        });
        return all;
    }

    @Override
    public void saveTensors(CalibrationRun run, String layer, Path file, Progress progress, Cancellation cancellation)
            throws IOException {
        Map<String, Value> values = captured(run, layer, progress, cancellation);
        AtomicFile.write(file, out -> new NumpyFiles().npz(values, out));
    }

    private Map<String, Value> captured(CalibrationRun run, String layer, Progress progress,
                                        Cancellation cancellation) {
        LoadedImages images = calibrationImages(run, progress, cancellation);
        return new CaptureTensors(engine, runner).run(run, Convert.run(run.prepared(), run.calibration()), layer,
                images::input, Math.min(images.count(), run.job().selection().batch()), progress, cancellation);
    }

    private LoadedImages calibrationImages(CalibrationRun run, Progress progress, Cancellation cancellation) {
        return load(run, items(run.job().images(), run.images()), Integer.MAX_VALUE, new ArrayList<>(), progress,
                cancellation);
    }

    private LoadedImages load(CalibrationRun run, List<ImageSet.Item> candidates, int limit,
                              List<SkippedImage> skipped, Progress progress, Cancellation cancellation) {
        ImageSet images = run.job().images();
        Preprocessing preprocessing = run.job().preprocessing();
        if (candidates.isEmpty()) {
            throw new DatasetException(images.root() + ": none of the run's images is in this folder; choose the "
                    + "folder that the configuration was made with, or calibrate again");
        }
        List<String> paths = candidates.stream().map(ImageSet.Item::path).toList();
        Optional<LoadedImages> known = limit == Integer.MAX_VALUE
                ? loaded.find(images, paths, preprocessing) : Optional.empty();
        if (known.isPresent()) {
            return known.get();
        }
        LoadedImages fresh = loader.load(images, candidates, limit, preprocessing, skipped, progress, cancellation);
        loaded.put(images, preprocessing, fresh);
        return fresh;
    }

    /** The images of those paths that the folder holds, in the paths' order. */
    private static List<ImageSet.Item> items(ImageSet images, List<String> paths) {
        Map<String, ImageSet.Item> byPath = new HashMap<>();
        images.items().forEach(item -> byPath.put(item.path(), item));
        return paths.stream().filter(byPath::containsKey).map(byPath::get).toList();
    }

    @Override
    public Configuration configuration(CalibrationRun run, Optional<Comparison> comparison) {
        Map<String, QuantParams> weights = new java.util.LinkedHashMap<>();
        run.calibration().weights().forEach((layer, weight) -> weights.put(layer, weight.params()));
        Job job = run.job();
        Path folder = job.images().root().getFileName();
        return new Configuration(job.model().model().file().getFileName().toString(), job.model().model().format(),
                job.model().model().sha256(), job.specification(), job.preprocessing(),
                folder == null ? "" : folder.toString(), job.selection(), run.images(),
                comparison.map(c -> c.drift().images().stream().map(ImageComparison::path).toList())
                        .orElse(run.evaluation()),
                run.calibration().activations(), weights);
    }

    @Override
    public CalibrationRun restore(OpenModel model, Configuration configuration, ImageSet images,
                                  Preprocessing preprocessing) throws ConfigurationException {
        Optional<String> misfit = model.misfit(preprocessing);
        if (misfit.isPresent()) {
            throw new ConfigurationException("/preprocessing", misfit.get());
        }
        try {
            Prepared prepared = prepare(model, configuration.specification());
            Calibration calibration = PinCalibration.run(prepared, configuration.activations(),
                    configuration.weights());
            Job job = new Job(model, configuration.specification(), images, configuration.selection(), preprocessing);
            return new CalibrationRun(job, prepared, calibration, configuration.calibrationImages(),
                    evaluation(configuration, images), List.of());
        } catch (InvalidSpecificationException e) {
            throw new ConfigurationException("", "does not fit " + model.model().file().getFileName() + ": "
                    + e.getMessage());
        }
    }

    /** The configuration's own, where this folder has them or none is at hand; else what its selection gives here. */
    private static List<String> evaluation(Configuration configuration, ImageSet images) {
        if (images.items().isEmpty()) {
            return configuration.evaluationImages();
        }
        List<ImageSet.Item> known = items(images, configuration.evaluationImages());
        if (!known.isEmpty()) {
            return known.stream().map(ImageSet.Item::path).toList();
        }
        ImageSelection selection = configuration.selection();
        Set<String> calibrated = new HashSet<>(configuration.calibrationImages());
        return ImageOrder.shuffled(images, selection.seed()).stream().map(ImageSet.Item::path)
                .filter(path -> !calibrated.contains(path)).limit(selection.evaluation()).toList();
    }

    @Override
    public List<Exporter> exporters() {
        return exporters;
    }

    @Override
    public List<Path> export(CalibrationRun run, Optional<Comparison> comparison, Exporter exporter, Path file)
            throws IOException {
        return exporter.export(exportable(run, comparison), file);
    }

    @Override
    public void report(CalibrationRun run, Comparison comparison, Path file, Progress progress,
                       Cancellation cancellation) throws IOException {
        Saturation saturation = saturation(run, progress, cancellation);
        String html = new MakeReport(new Inspect(engine, runner), Machine.here(engine(), version)).html(run,
                configuration(run, Optional.of(comparison)), comparison, saturation,
                calibrationImages(run, progress, cancellation), progress, cancellation);
        cancellation.check();
        AtomicFile.write(file, html.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String engine() {
        return engine.description() + ", " + runner.threads() + (runner.threads() == 1 ? " thread" : " threads");
    }
}
