package quantscope.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import quantscope.compare.Comparison;
import quantscope.dataset.ImageSet;
import quantscope.export.Configuration;
import quantscope.export.ConfigurationJson;
import quantscope.session.CalibrationRun;
import quantscope.session.EvaluationChoice;
import quantscope.session.OpenModel;
import quantscope.session.Session;
import quantscope.task.Cancellation;

@Command(name = "report", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Compares as the command compare does and writes what it finds as one HTML file that needs nothing else: "
                + "graph, choices, errors of each layer, histograms, the images whose answer changed. It prints well.")
final class ReportCommand implements Callable<Integer> {

    @Parameters(paramLabel = "MODEL", description = "The model that the configuration was made for.")
    private Path model;

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "A calibrated configuration.")
    private Path config;

    @Option(names = "--images", paramLabel = "DIR", required = true,
            description = "A folder of images, with a sub-folder per class or without; those of the calibration among them.")
    private Path images;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where to write, for example report.html.")
    private Path out;

    @Option(names = "--limit", paramLabel = "N", description = "Compare at most this many images (default: all).")
    private Integer limit;

    @Option(names = "--seed", paramLabel = "N", description = "Order of the images (default: the configuration's).")
    private Long seed;

    @Option(names = "--all", description = "Compare on the calibration images, too.")
    private boolean all;

    @Option(names = ProfileOption.NAME, paramLabel = "BACKEND",
            description = "Where it runs: fbgemm, fbgemm-avx2, qnnpack, onednn, onnxruntime, onnxruntime-avx2 (default: the "
                    + "configuration's).")
    private String profile;

    @Option(names = Fit.OTHER_MODEL, description = Fit.OTHER_MODEL_HELP)
    private boolean otherModel;

    @Spec
    private CommandSpec spec;

    private final Supplier<Session> session;
    private final Console console;

    ReportCommand(Supplier<Session> session, Console console) {
        this.session = session;
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        Limits.check(spec, "--limit", limit);
        Session s = session.get();
        Configuration loaded = ConfigurationJson.load(config);
        Configuration configuration = ProfileOption.of(profile, spec).map(loaded::withProfile).orElse(loaded);
        OpenModel open = s.open(model, console.progress(), Cancellation.NEVER);
        ImageSet set = Folder.open(s, images, console);
        CalibrationRun run = Fit.restore(s, console, open, config, configuration, otherModel, set,
                configuration.preprocessing());
        EvaluationChoice choice = new EvaluationChoice(!all, limit == null ? Integer.MAX_VALUE : limit,
                seed == null ? configuration.selection().seed() : seed);
        Comparison comparison = s.compare(run, choice, console.progress(), Cancellation.NEVER);
        Folder.note(comparison.skipped(), console);
        try {
            s.report(run, comparison, out, console.progress(), Cancellation.NEVER);
        } catch (IOException e) {
            throw new OutputException(e);
        }
        console.result("%s", out);
        return ExitCode.OK.code();
    }
}
