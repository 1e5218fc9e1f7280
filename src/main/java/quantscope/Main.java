package quantscope;

import java.io.PrintWriter;
import quantscope.cli.CommandLineApp;

/** Without arguments the window, with arguments a headless command. */
public final class Main {

    private Main() { }

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, false);
        PrintWriter err = new PrintWriter(System.err, true);
        System.exit(CommandLineApp.run(arguments, Composition::session, out, err));
    }
}
