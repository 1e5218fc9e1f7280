package quantscope.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import quantscope.dataset.DatasetException;
import quantscope.export.ConfigurationException;
import quantscope.format.ModelFormatException;
import quantscope.graph.InvalidGraphException;
import quantscope.ptq.InvalidSpecificationException;
import quantscope.run.UnavailableKernelsException;
import quantscope.run.UnsupportedOperatorException;
import quantscope.session.Session;

/** The headless program: parses the command line, runs one subcommand, turns expected failures into exit codes. */
@Command(name = "quantscope", mixinStandardHelpOptions = true, version = "Quantscope 0.1.0",
        description = "Inspects and chooses the per-layer quantization of a network. Without a subcommand the window opens.",
        exitCodeListHeading = "%nExit codes:%n", sortOptions = false)
public final class CommandLineApp implements Runnable {

    @Spec
    private CommandSpec spec;

    private CommandLineApp() { }

    /**
     * Runs a command line that has at least one argument.
     *
     * @param makeSession makes it when a subcommand needs it, so that {@code --help} costs nothing
     * @return the exit code
     */
    public static int run(String[] arguments, Supplier<Session> makeSession, PrintWriter out, PrintWriter err) {
        Console console = new Console(out, err);
        Supplier<Session> session = once(makeSession);
        CommandLine line = new CommandLine(new CommandLineApp())
                .addSubcommand(new GraphCommand(session, console))
                .addSubcommand(new CalibrateCommand(session, console))
                .addSubcommand(new CompareCommand(session, console))
                .addSubcommand(new SaturationCommand(session, console))
                .addSubcommand(new ExportCommand(session, console))
                .addSubcommand(new VerifyCommand(session, console))
                .addSubcommand(new ReportCommand(session, console))
                .addSubcommand(new MakeAlexNetCommand(console))
                .setOut(out).setErr(err)
                .setExecutionExceptionHandler((failure, command, result) -> report(failure, console));
        Map<String, String> codes = new LinkedHashMap<>();
        Arrays.stream(ExitCode.values()).forEach(code -> codes.put(String.valueOf(code.code()), code.meaning()));
        line.getCommandSpec().usageMessage().exitCodeList(codes);
        line.getSubcommands().values().forEach(sub -> sub.getCommandSpec().usageMessage()
                .exitCodeListHeading("%nExit codes:%n").exitCodeList(codes));
        int exit = line.execute(arguments);
        out.flush();
        err.flush();
        return exit;
    }

    /** Makes the session at its first use and keeps it. */
    private static Supplier<Session> once(Supplier<Session> make) {
        return new Supplier<>() {
            private Session made;

            @Override
            public Session get() {
                if (made == null) {
                    made = make.get();
                }
                return made;
            }
        };
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "name a subcommand");
    }

    private static int report(Exception failure, Console console) {
        ExitCode code = switch (failure) {
            case ModelFormatException e -> ExitCode.MODEL;
            case InvalidGraphException e -> ExitCode.MODEL;
            case UnsupportedOperatorException e -> ExitCode.MODEL;
            case DatasetException e -> ExitCode.IMAGES;
            case InvalidSpecificationException e -> ExitCode.CONFIGURATION;
            case ConfigurationException e -> ExitCode.CONFIGURATION;
            case CancellationException e -> ExitCode.CANCELLED;
            case CommandLine.ParameterException e -> ExitCode.USAGE;
            case UnavailableKernelsException e -> ExitCode.USAGE;
            case OutputException e -> ExitCode.OUTPUT;
            case IOException e -> ExitCode.MODEL;
            default -> ExitCode.FAILED;
        };
        console.error(failure.getMessage() == null ? failure.toString() : failure.getMessage());
        if (code == ExitCode.FAILED) {
            console.trace(failure);
        }
        return code.code();
    }
}
