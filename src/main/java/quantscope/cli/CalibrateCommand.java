package quantscope.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import quantscope.dataset.ImageSelection;
import quantscope.dataset.ImageSet;
import quantscope.dataset.Preprocessing;
import quantscope.export.Configuration;
import quantscope.export.ConfigurationException;
import quantscope.export.ConfigurationExporter;
import quantscope.export.ConfigurationJson;
import quantscope.graph.Graph;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepared;
import quantscope.ptq.Specification;
import quantscope.ptq.Ticks;
import quantscope.session.CalibrationRun;
import quantscope.session.Job;
import quantscope.session.OpenModel;
import quantscope.session.Session;
import quantscope.task.Cancellation;

@Command(name = "calibrate", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Chooses precisions, calibrates on a folder of images and writes the configuration.")
final class CalibrateCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MODEL", description = "An ONNX file, a torch.export archive (.pt2), or "
            + "weights of a known network (.pth, .safetensors, .npz).")
    private Path model;

    @Option(names = "--images", paramLabel = "DIR", required = true,
            description = "A folder of images, with a sub-folder per class or without.")
    private Path folder;

    @Option(names = "--int8", paramLabel = "LAYER[,LAYER...]", split = ",", hideParamSyntax = true,
            description = "Layers that become int8.")
    private List<String> int8 = List.of();

    @Option(names = "--binary", paramLabel = "LAYER[,LAYER...]", split = ",", hideParamSyntax = true,
            description = "Layers that become binary.")
    private List<String> binary = List.of();

    @Option(names = "--fp32", paramLabel = "LAYER[,LAYER...]", split = ",", hideParamSyntax = true,
            description = "Layers that become fp32.")
    private List<String> fp32 = List.of();

    @Option(names = "--reduce", paramLabel = "LAYER[,LAYER...]", split = ",", hideParamSyntax = true,
            description = "Layers whose weight gets 7 bits, so that nothing saturates on a CPU without VNNI.")
    private List<String> reduce = List.of();

    @Option(names = "--fuse", description = "Fuse BatchNorm and ReLU into the int8 layers, as fuse_modules does.")
    private boolean fuse;

    @Option(names = "--config", paramLabel = "FILE",
            description = "Begin with this configuration's choices; the flags come on top.")
    private Path config;

    @ArgGroup(validate = false, heading = "Observers (default: the configuration's, else PyTorch's for fbgemm):%n")
    private final QConfigOptions qconfig = new QConfigOptions();

    @Option(names = "--limit", paramLabel = "N", description = "Calibration images (default: 200).")
    private Integer limit;

    @Option(names = "--seed", paramLabel = "N", description = "Order of the images (default: 0).")
    private Long seed;

    @Option(names = "--batch", paramLabel = "N", description = "Images per batch (default: 32).")
    private Integer batch;

    @ArgGroup(validate = false, heading = "Preprocessing:%n")
    private final PreprocessingOptions preprocessing = new PreprocessingOptions();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The configuration to write (JSON).")
    private Path out;

    @Option(names = "--json", description = "Machine-readable output.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private final Supplier<Session> session;
    private final Console console;

    CalibrateCommand(Supplier<Session> session, Console console) {
        this.session = session;
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Limits.check(spec, "--limit", limit);
        Limits.check(spec, "--batch", batch);
        requireOnePrecisionEach();
        Session s = session.get();
        OpenModel open = s.open(model, console.progress(), Cancellation.NEVER);
        Optional<Configuration> base =
                config == null ? Optional.empty() : Optional.of(ConfigurationJson.load(config));
        Preprocessing images = preprocessing.over(base.map(Configuration::preprocessing).orElse(open.preprocessing()), open,
                spec);
        Optional<String> misfit = open.misfit(images);
        if (misfit.isPresent()) {
            throw new ConfigurationException(config.getFileName() + ": /preprocessing", misfit.get());
        }
        Specification specification = choose(open.model().graph(), qconfig.over(
                base.map(Configuration::specification).orElseGet(() -> Specification.startingWith(open.model().graph())), spec));
        Prepared prepared = s.prepare(open, specification);
        prepared.obstacles().stream().filter(o -> o.blocking() && specification.choice(o.layer()).precision()
                .equals(Optional.of(Precision.INT8))).forEach(o -> console.note("%s stays fp32: %s", o.layer(), o.sentence()));
        if (prepared.graph().nodes().stream().noneMatch(n -> n.op() instanceof Op.QuantStub q && q.params().isEmpty())) {
            throw new ParameterException(spec.commandLine(), "no layer becomes int8, so there is nothing to calibrate; name "
                    + "layers with --int8, for example --int8 " + example(open.model().graph()));
        }
        ImageSet set = Folder.open(s, folder, console);
        ImageSelection selection = selection(base.map(Configuration::selection)
                .orElse(ImageSelection.DEFAULT));
        CalibrationRun run = s.calibrate(new Job(open, specification, set, selection, images), console.progress(),
                Cancellation.NEVER);
        Folder.note(run.skipped(), console);
        run.calibration().warnings().forEach(warning -> console.note("warning: %s", warning));
        try {
            s.export(run, Optional.empty(), new ConfigurationExporter(), out);
        } catch (IOException e) {
            throw new OutputException(e);
        }
        show(run, s);
        return ExitCode.OK.code();
    }

    private static String example(Graph graph) {
        return graph.layers().stream().filter(n -> n.op() instanceof Op.Conv2d || n.op() instanceof Op.Linear).findFirst()
                .or(() -> graph.layers().stream().findFirst()).map(Node::name).orElse("conv1");
    }

    /** @throws ParameterException when a layer is named for two precisions */
    private void requireOnePrecisionEach() {
        Map<String, List<String>> flags = new TreeMap<>();
        int8.forEach(layer -> flags.computeIfAbsent(layer, _ -> new ArrayList<>()).add("--int8"));
        binary.forEach(layer -> flags.computeIfAbsent(layer, _ -> new ArrayList<>()).add("--binary"));
        fp32.forEach(layer -> flags.computeIfAbsent(layer, _ -> new ArrayList<>()).add("--fp32"));
        flags.forEach((layer, names) -> {
            if (names.stream().distinct().count() > 1) {
                throw new ParameterException(spec.commandLine(), layer + " is named by " + String.join(" and by ", names)
                        + "; a layer has one precision");
            }
        });
    }

    private Specification choose(Graph graph, Specification base) {
        Specification chosen = base;
        for (String layer : layers(graph, int8)) {
            Ticks.Ticked ticked = Ticks.tick(graph, chosen, layer, Precision.INT8);
            ticked.applied().forEach(fix -> console.note("%s: %s", fix.layer(),
                    fix.kind().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')));
            chosen = ticked.specification();
        }
        for (String layer : layers(graph, binary)) {
            chosen = Ticks.tick(graph, chosen, layer, Precision.BINARY).specification();
        }
        for (String layer : layers(graph, fp32)) {
            chosen = Ticks.tick(graph, chosen, layer, Precision.FP32).specification();
        }
        for (String layer : layers(graph, reduce)) {
            chosen = chosen.withQConfig(layer, Optional.of(chosen.qconfig(layer).withReducedWeight()));
        }
        return fuse ? Ticks.fuse(graph, chosen) : chosen;
    }

    private List<String> layers(Graph graph, List<String> names) {
        for (String name : names) {
            if (graph.find(name).isEmpty()) {
                throw new ParameterException(spec.commandLine(), "no layer is named " + name + "; the model has "
                        + graph.layers().stream().map(n -> n.name()).toList());
            }
        }
        return names;
    }

    private ImageSelection selection(ImageSelection base) {
        return new ImageSelection(limit == null ? base.calibration() : limit, base.evaluation(),
                seed == null ? base.seed() : seed, batch == null ? base.batch() : batch);
    }

    private void show(CalibrationRun run, Session s) {
        if (json) {
            ObjectNode result = ConfigurationJson.write(s.configuration(run, Optional.empty()));
            Folder.write(result.putArray("skipped"), run.job().images(), run.skipped());
            console.result(result);
            return;
        }
        console.result("calibrated on %d images, wrote %s", run.images().size(), out);
        run.calibration().activations().forEach((node, a) -> console.result("  %-24s scale %-14s zero point %d",
                node, a.params().scale(), a.params().zeroPoint()));
    }
}
