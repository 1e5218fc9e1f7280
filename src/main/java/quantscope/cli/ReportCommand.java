package quantscope.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import quantscope.compare.Comparison;
import quantscope.session.Session;
import quantscope.task.Cancellation;

@Command(name = "report", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Compares as the command compare does and writes what it finds as one HTML file that needs nothing else: "
                + "graph, choices, errors of each layer, histograms, the images whose answer changed. It prints well.")
final class ReportCommand implements Callable<Integer> {

    @Mixin
    private CalibratedOptions calibrated;

    @Mixin
    private CalibratedOptions.Evaluated evaluated;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where to write, for example report.html.")
    private Path out;

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
        evaluated.check(spec);
        Session s = session.get();
        CalibratedOptions.Restored restored = calibrated.restore(s, console, spec);
        Comparison comparison = evaluated.compare(s, restored, console);
        try {
            s.report(restored.run(), comparison, out, console.progress(), Cancellation.NEVER);
        } catch (IOException e) {
            throw new OutputException(e);
        }
        console.result("%s", out);
        return ExitCode.OK.code();
    }
}
