package quantscope;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import quantscope.app.main.Desktop;
import quantscope.app.memory.StateFile;
import quantscope.cli.CommandLineApp;
import quantscope.cli.ExitCode;
import quantscope.run.KernelProvider;
import quantscope.run.UnavailableKernelsException;
import quantscope.session.Session;

/** Without arguments, or with a model file, the window; else a headless command. */
public final class Main {

    /** Warns of every start from a class path. Held here, since a logger that nobody holds forgets its level. */
    private static final Logger JAVAFX = Logger.getLogger("javafx");

    private Main() { }

    public static void main(String[] arguments) {
        quietLog();
        PrintWriter out = new PrintWriter(System.out, false);
        PrintWriter err = new PrintWriter(System.err, true);
        Optional<Path> model = arguments.length == 1 ? Optional.of(Path.of(arguments[0])).filter(Files::isRegularFile)
                : Optional.empty();
        if (arguments.length > 0 && model.isEmpty()) {
            System.exit(CommandLineApp.run(arguments, Composition::session, out, err));
        }
        Map<String, String> properties = new HashMap<>();
        System.getProperties().stringPropertyNames().forEach(k -> properties.put(k, System.getProperty(k)));
        Optional<String> obstacle = Desktop.obstacle(properties, System.getenv());
        if (obstacle.isPresent()) {
            err.println("quantscope: " + obstacle.get());
            System.exit(ExitCode.NO_DISPLAY.code());
        }
        try {
            Desktop.open(session(), new StateFile(StateFile.folder(properties, System.getenv())),
                    samples(properties), model);
        } catch (UnavailableKernelsException e) {
            err.println("quantscope: " + e.getMessage());
            System.exit(ExitCode.USAGE.code());
        } catch (UnsupportedOperationException e) {
            err.println("quantscope: the display cannot be opened (" + e.getMessage()
                    + "); check DISPLAY, or start under xvfb-run");
            System.exit(ExitCode.NO_DISPLAY.code());
        }
    }

    /** Made while the toolkit starts; before it where kernels are asked for, so that a wrong wish ends the start. */
    private static Supplier<Session> session() {
        if (System.getProperty(KernelProvider.PROPERTY) == null) {
            return Composition::session;
        }
        Session made = Composition.session();
        return () -> made;
    }

    /** Warnings only, unless {@code -Dquantscope.log=INFO} (or FINE, ...) asks for more. */
    static void quietLog() {
        Level level = Level.parse(System.getProperty("quantscope.log", "WARNING"));
        Logger root = LogManager.getLogManager().getLogger("");
        root.setLevel(level);
        for (var handler : root.getHandlers()) {
            handler.setLevel(level);
        }
        if (System.getProperty("quantscope.log") == null) {
            JAVAFX.setLevel(Level.SEVERE);
        }
    }

    /** Beside the installation, or where the program is started. */
    private static Optional<Path> samples(Map<String, String> properties) {
        return Optional.of(Path.of(properties.getOrDefault("quantscope.home", "."), "sample-models"))
                .filter(Files::isDirectory).or(() -> Optional.of(Path.of("sample-models")).filter(Files::isDirectory));
    }
}
