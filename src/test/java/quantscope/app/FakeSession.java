package quantscope.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import quantscope.compare.ActivationInsight;
import quantscope.compare.Answer;
import quantscope.compare.Comparison;
import quantscope.compare.Drift;
import quantscope.compare.ErrorMetrics;
import quantscope.compare.HistogramPair;
import quantscope.compare.ImageAgreement;
import quantscope.compare.ImageComparison;
import quantscope.compare.Interval;
import quantscope.compare.LayerError;
import quantscope.compare.LayerInsight;
import quantscope.compare.LayerSaturation;
import quantscope.compare.Saturation;
import quantscope.compare.Verification;
import quantscope.compare.SignFlips;
import quantscope.dataset.DatasetException;
import quantscope.dataset.ImageSet;
import quantscope.dataset.Preprocessing;
import quantscope.dataset.SkippedImage;
import quantscope.export.AtomicFile;
import quantscope.export.Configuration;
import quantscope.export.ConfigurationExporter;
import quantscope.export.aimet.AimetExporter;
import quantscope.export.onnx.QdqExporter;
import quantscope.export.pytorch.FxExporter;
import quantscope.export.pytorch.PyTorchExporter;
import quantscope.export.pytorch.SafetensorsExporter;
import quantscope.export.table.LayerTableExporter;
import quantscope.export.Exportable;
import quantscope.export.Exporter;
import quantscope.format.Model;
import quantscope.format.ModelFormatException;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.ptq.ActivationCalibration;
import quantscope.ptq.Calibration;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepare;
import quantscope.ptq.Prepared;
import quantscope.ptq.Specification;
import quantscope.quant.Histogram;
import quantscope.quant.Profile;
import quantscope.quant.QuantDtype;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.session.CalibrationRun;
import quantscope.session.EvaluationChoice;
import quantscope.session.Job;
import quantscope.session.NamedStatistics;
import quantscope.session.OpenModel;
import quantscope.session.SelfCheck;
import quantscope.session.Session;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.Shape;

/** A session without files and arithmetic, so that the window's own behaviour can be tested alone. */
public final class FakeSession implements Session {

    /** Called for each image of a calibration; a test cancels or fails from here. */
    public Runnable perImage = () -> { };

    /** What a comparison finds: one image, right before and wrong after. */
    public List<ImageComparison> answers = List.of(new ImageComparison("apple/7.jpg", OptionalInt.of(0),
            new Answer(List.of(0, 1), List.of(0.75f, 0.25f)), new Answer(List.of(1, 0), List.of(0.625f, 0.375f))));

    /** Whether calibrations meet an image that cannot be read. */
    public boolean unreadable;

    /** The file's name decides: residual, huge, strange, broken, else the binarized AlexNet. */
    @Override
    public OpenModel open(Path file, Progress progress, Cancellation cancellation)
            throws ModelFormatException, IOException {
        String name = file.getFileName().toString();
        if (name.startsWith("broken")) {
            throw new ModelFormatException(file, "Conv_3", "the weight is cut off; export the model again");
        }
        Graph graph = name.startsWith("residual") ? SampleGraphs.residual(3)
                : name.startsWith("huge") ? SampleGraphs.residual(100)
                : name.startsWith("strange") ? SampleGraphs.unsupported() : SampleGraphs.xnor();
        return new OpenModel(new Model(file, "made by a test", "0".repeat(64), graph, Map.of(), List.of()),
                Preprocessing.imageNet(3, 64, 64), true, List.of("apple", "car"));
    }

    @Override
    public ImageSet images(Path folder, Cancellation cancellation) {
        if (folder.getFileName().toString().startsWith("empty")) {
            throw new DatasetException(folder + ": no readable image; choose a folder with JPEG or PNG files");
        }
        List<ImageSet.Item> items = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            items.add(new ImageSet.Item("apple/" + i + ".jpg", OptionalInt.of(0)));
        }
        return new ImageSet(folder, List.of("apple", "car"), items);
    }

    @Override
    public Prepared prepare(OpenModel model, Specification specification) {
        return Prepare.run(model.model().graph(), specification);
    }

    @Override
    public CalibrationRun calibrate(Job job, Progress progress, Cancellation cancellation) {
        List<String> images = new ArrayList<>();
        for (int i = 0; i < job.selection().calibration(); i++) {
            cancellation.check();
            perImage.run();
            images.add(job.images().items().get(i).path());
            progress.update(i + 1, job.selection().calibration(), "Calibrating");
        }
        cancellation.check();
        List<SkippedImage> skipped = unreadable
                ? List.of(new SkippedImage("apple/broken.jpg", "broken image data: it ends too early")) : List.of();
        Prepared prepared = prepare(job.model(), job.specification());
        return new CalibrationRun(job, prepared, calibration(prepared), images, List.of("apple/7.jpg"), skipped);
    }

    /** Every int8 layer's output with one scale, its weight with a scale per channel. */
    private static Calibration calibration(Prepared prepared) {
        Map<String, ActivationCalibration> activations = new LinkedHashMap<>();
        Map<String, QuantizedTensor> weights = new LinkedHashMap<>();
        for (Node node : prepared.graph().nodes()) {
            boolean stub = node.op() instanceof Op.QuantStub;
            if (stub || prepared.precisions().get(node.name()) == Precision.INT8) {
                activations.put(node.name(), new ActivationCalibration(
                        new QuantParams.PerTensor(QuantDtype.QUINT8, 0.018f, 117), -2.1f, 2.4f, Optional.empty()));
            }
            if (!stub && activations.containsKey(node.name()) && node.op() instanceof Op.Conv2d) {
                weights.put(node.name(), new QuantizedTensor(Shape.of(2, 1), new byte[2], new QuantParams.PerChannel(
                        QuantDtype.QINT8, new float[] {0.0012f, 0.0034f}, new int[2], 0)));
            }
        }
        return new Calibration(activations, weights, List.of("conv1: a warning"));
    }

    /** What verifying finds. */
    @Override
    public Verification verify(CalibrationRun run, Progress progress, Cancellation cancellation) {
        return verify(run, new EvaluationChoice(true, 2, 0), progress, cancellation);
    }

    @Override
    public Verification verify(CalibrationRun run, EvaluationChoice choice, Progress progress, Cancellation cancellation) {
        return new Verification("ONNX Runtime 0", run.job().specification().profile(),
                List.of(new ImageAgreement("apple/7.jpg", 1, 1, 2.5e-7), new ImageAgreement("apple/8.jpg", 0, 1, 0.5)));
    }

    /** conv1 saturates while its weight has the full range. */
    @Override
    public Saturation saturation(CalibrationRun run, Progress progress, Cancellation cancellation) {
        Profile profile = run.job().specification().profile().withoutVnni();
        boolean reduced = run.job().specification().qconfig("conv1").weight().reduceRange();
        return new Saturation(profile, run.images().size(), profile.saturates()
                ? List.of(new LayerSaturation("conv1", 1000, reduced ? 0 : 42, reduced ? 0 : 30, reduced ? 0 : 18, reduced))
                : List.of());
    }

    @Override
    public Comparison compare(CalibrationRun run, Progress progress, Cancellation cancellation) {
        List<LayerError> errors = run.prepared().comparable().keySet().stream().sorted()
                .map(l -> new LayerError(l, new ErrorMetrics(31.5, 0.999, 1e-4, 0.25))).toList();
        long drifted = answers.stream().filter(ImageComparison::drifted).count();
        double share = (double) drifted / answers.size();
        boolean labelled = answers.stream().allMatch(i -> i.label().isPresent());
        List<SignFlips> flips = run.prepared().precisions().entrySet().stream()
                .filter(e -> e.getValue() == Precision.BINARY).map(Map.Entry::getKey).sorted()
                .map(l -> new SignFlips(l, 0.034)).toList();
        return new Comparison(new Drift(answers, share, new Interval(share / 2, share),
                accuracy(labelled, ImageComparison::fp32), accuracy(labelled, ImageComparison::converted),
                labelled ? OptionalDouble.of(1) : OptionalDouble.empty(),
                labelled ? OptionalDouble.of(1) : OptionalDouble.empty()), errors, flips, List.of(), Map.of());
    }

    private OptionalDouble accuracy(boolean labelled, Function<ImageComparison, Answer> answer) {
        return labelled ? answers.stream().mapToInt(i -> answer.apply(i).top1() == i.label().getAsInt() ? 1 : 0)
                .average() : OptionalDouble.empty();
    }

    @Override
    public Comparison compare(CalibrationRun run, EvaluationChoice choice, Progress progress, Cancellation c) {
        return compare(run, progress, c);
    }

    @Override
    public LayerInsight inspect(CalibrationRun run, String layer, Progress progress, Cancellation cancellation) {
        cancellation.check();
        Histogram flat = new Histogram(-1, 1, new long[] {1, 2, 3, 4});
        ActivationInsight activation = new ActivationInsight(layer, new HistogramPair(flat, flat), Optional.empty(),
                Optional.empty(), Optional.empty(), 0, new ErrorMetrics(40, 1, 0, 0));
        return new LayerInsight(layer, Optional.empty(), activation, activation, Optional.empty());
    }

    @Override
    public List<NamedStatistics> statistics(CalibrationRun run, String layer, Progress progress,
                                            Cancellation cancellation) {
        return List.of();
    }

    @Override
    public void saveTensors(CalibrationRun run, String layer, Path file, Progress progress, Cancellation cancellation)
            throws IOException {
        Files.writeString(file, layer);
    }

    @Override
    public SelfCheck selfCheck(Job job, Progress progress, Cancellation cancellation) {
        return new SelfCheck(8, 3.1e-6, 2e-7, "fc8", "ND4J of a test");
    }

    @Override
    public Configuration configuration(CalibrationRun run, Optional<Comparison> comparison) {
        Job job = run.job();
        return new Configuration("alexnet-xnor.pt2", "made by a test", "0".repeat(64), job.specification(),
                job.preprocessing(), "images", job.selection(), run.images(), List.of(), Map.of(), Map.of());
    }

    @Override
    public CalibrationRun restore(OpenModel model, Configuration configuration, ImageSet images,
                                  Preprocessing preprocessing) {
        Job job = new Job(model, configuration.specification(), images, configuration.selection(), preprocessing);
        return new CalibrationRun(job, prepare(model, job.specification()),
                new Calibration(Map.of(), Map.of(), List.of()), configuration.calibrationImages(),
                configuration.evaluationImages(), List.of());
    }

    @Override
    public List<Exporter> exporters() {
        return List.of(new ConfigurationExporter(), new PyTorchExporter("test"), new FxExporter("test"),
                new SafetensorsExporter("test"), new QdqExporter("test"), new AimetExporter(AimetExporter.Form.V0_6_1),
                new AimetExporter(AimetExporter.Form.V1_0_0), new LayerTableExporter());
    }

    @Override
    public List<Path> export(CalibrationRun run, Optional<Comparison> comparison, Exporter exporter, Path file)
            throws IOException {
        return exporter.export(new Exportable(configuration(run, comparison), run.prepared(), run.calibration(),
                run.job().model().classNames(), comparison), file);
    }

    /** Writes what was compared; meets {@link #perImage} once. */
    @Override
    public void report(CalibrationRun run, Comparison comparison, Path file, Progress progress,
                       Cancellation cancellation) throws IOException {
        progress.update(1, 2, "Inspecting");
        perImage.run();
        cancellation.check();
        AtomicFile.write(file, ("a report of " + comparison.drift().imageCount()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String engine() {
        return "Test engine, 2 threads";
    }
}
