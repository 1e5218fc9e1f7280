package quantscope;

import java.io.PrintWriter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import quantscope.cli.CommandLineApp;

/** Without arguments the window, with arguments a headless command. */
public final class Main {

    private Main() { }

    public static void main(String[] arguments) {
        quietLog();
        PrintWriter out = new PrintWriter(System.out, false);
        PrintWriter err = new PrintWriter(System.err, true);
        System.exit(CommandLineApp.run(arguments, Composition::session, out, err));
    }

    /** Warnings only, unless {@code -Dquantscope.log=INFO} (or FINE, ...) asks for more. */
    private static void quietLog() {
        Level level = Level.parse(System.getProperty("quantscope.log", "WARNING"));
        Logger root = LogManager.getLogManager().getLogger("");
        root.setLevel(level);
        for (var handler : root.getHandlers()) {
            handler.setLevel(level);
        }
    }
}
