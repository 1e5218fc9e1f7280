package quantscope.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import quantscope.compare.Comparison;
import quantscope.dataset.ImageSet;
import quantscope.export.Configuration;
import quantscope.export.ConfigurationJson;
import quantscope.export.Exporter;
import quantscope.session.CalibrationRun;
import quantscope.session.EvaluationChoice;
import quantscope.session.OpenModel;
import quantscope.session.Session;
import quantscope.task.Cancellation;

@Command(name = "export", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Writes a configuration so that it runs elsewhere exactly as shown here.")
final class ExportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MODEL", description = "The model that the configuration was made for.")
    private Path model;

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "A calibrated configuration.")
    private Path config;

    @Option(names = "--to", paramLabel = "FORMAT", required = true,
            description = "onnx: a QDQ model for ONNX Runtime; pytorch: eager-mode Python with its weights beside it; "
                    + "pytorch-fx: a qconfig_mapping for FX graph mode with Python that applies it; safetensors: the converted "
                    + "state dict; aimet, aimet-1: encodings as AIMET 0.6.1 and 1.0.0 has them; csv: a table of layers; json: the "
                    + "configuration itself.")
    private String format;

    @Option(names = "--images", paramLabel = "DIR",
            description = "Compare on this folder's images first, so that a table has the layers' errors.")
    private Path images;

    @Option(names = Fit.OTHER_MODEL, description = Fit.OTHER_MODEL_HELP)
    private boolean otherModel;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where to write.")
    private Path out;

    @Spec
    private CommandSpec spec;

    private final Supplier<Session> session;
    private final Console console;

    ExportCommand(Supplier<Session> session, Console console) {
        this.session = session;
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Session s = session.get();
        Exporter exporter = s.exporters().stream().filter(e -> e.id().equals(format)).findFirst()
                .orElseThrow(() -> new ParameterException(spec.commandLine(), "--to is " + format
                        + ", expected one of " + s.exporters().stream().map(Exporter::id).toList()));
        OpenModel open = s.open(model, console.progress(), Cancellation.NEVER);
        Configuration configuration = ConfigurationJson.load(config);
        ImageSet set = images == null ? ImageSet.none(Path.of(configuration.imagesFolder()))
                : Folder.open(s, images, console);
        CalibrationRun run = Fit.restore(s, console, open, config, configuration, otherModel, set,
                configuration.preprocessing());
        if (!exporter.computesAs(configuration.specification().profile())) {
            console.note("the configuration's numbers are %s's; %s computes int8 in its own way, so levels may differ",
                    configuration.specification().profile().id(), exporter.title());
        }
        Optional<Comparison> comparison = images == null ? Optional.empty() : Optional.of(compare(s, run));
        try {
            for (Path file : s.export(run, comparison, exporter, out)) {
                console.result("%s", file);
            }
        } catch (IOException e) {
            throw new OutputException(e);
        }
        return ExitCode.OK.code();
    }

    private Comparison compare(Session s, CalibrationRun run) {
        Comparison comparison = s.compare(run, new EvaluationChoice(true, Integer.MAX_VALUE, 0), console.progress(),
                Cancellation.NEVER);
        Folder.note(comparison.skipped(), console);
        return comparison;
    }
}
