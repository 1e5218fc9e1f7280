package quantscope.app.main;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javafx.application.Platform;
import javafx.stage.Stage;
import quantscope.app.memory.Memory;
import quantscope.session.Session;

/** Starts the toolkit and the window. */
public final class Desktop {

    private Desktop() { }

    /**
     * Why no window can be opened here, with the way out; empty where one can.
     *
     * @param properties  system properties
     * @param environment DISPLAY, WAYLAND_DISPLAY
     */
    public static Optional<String> obstacle(Map<String, String> properties, Map<String, String> environment) {
        String os = properties.getOrDefault("os.name", "").toLowerCase(Locale.ROOT);
        boolean x11 = !os.contains("win") && !os.contains("mac");
        boolean display = !environment.getOrDefault("DISPLAY", "").isBlank()
                || properties.getOrDefault("glass.platform", "").equalsIgnoreCase("headless");
        return x11 && !display ? Optional.of("there is no display for the window (DISPLAY is not set). "
                + "Start it in a desktop session or under xvfb-run, or work without a window: "
                + "quantscope graph, calibrate, compare, export (quantscope --help)") : Optional.empty();
    }

    /**
     * Opens the window and returns at once; the program ends with its last window.
     *
     * @param session made while the toolkit starts
     * @throws UnsupportedOperationException when the display cannot be opened
     */
    public static void open(Supplier<Session> session, Memory memory, Optional<Path> samples, Optional<Path> model) {
        CompletableFuture<Session> made = CompletableFuture.supplyAsync(session);
        Platform.startup(() ->
                new Assembly(made.join(), memory, new Stage(), StageDialogs::new).open(samples, model));
    }
}
