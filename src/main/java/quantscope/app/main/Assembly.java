package quantscope.app.main;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javafx.application.Platform;
import javafx.beans.Observable;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.ObservableList;
import javafx.geometry.Rectangle2D;
import javafx.scene.Scene;
import javafx.stage.Screen;
import javafx.stage.Stage;
import quantscope.app.control.FileDialogs;
import quantscope.app.graphview.GraphTools;
import quantscope.app.graphview.GraphView;
import quantscope.app.layers.LayerTable;
import quantscope.app.memory.Memory;
import quantscope.app.memory.Remembered;
import quantscope.app.state.Choosing;
import quantscope.app.state.Runs;
import quantscope.app.state.Workspace;
import quantscope.app.task.Problem;
import quantscope.app.task.TaskRunner;
import quantscope.app.text.Texts;
import quantscope.app.theme.Theme;
import quantscope.ptq.Preset;
import quantscope.session.Session;

/** Puts the window together, opens it where it was, and remembers every change. */
public final class Assembly {

    private static final System.Logger LOG = System.getLogger(Assembly.class.getName());
    private static final double WIDTH = 1440;
    private static final double HEIGHT = 920;

    private final Memory memory;
    private final Remembered before;
    private final Stage stage;
    private final Workspace workspace;
    private final Choosing choosing;
    private final Runs runs;
    private final TaskRunner tasks;
    private final Recent recent;
    private final ObjectProperty<Theme> theme;
    private final MainWindow window;
    private final AtomicReference<Remembered> toKeep = new AtomicReference<>();
    private boolean changed;
    private final List<String> troubles = new ArrayList<>();
    private Remembered.WindowPlace place;

    /**
     * @param dialogs makes the file dialogs of a window
     */
    public Assembly(Session session, Memory memory, Stage stage, Function<Stage, FileDialogs> dialogs) {
        this.memory = memory;
        this.stage = stage;
        this.before = memory.recall(troubles::add);
        this.place = before.window().orElseGet(Assembly::firstPlace);
        AtomicReference<MainWindow> shown = new AtomicReference<>();
        this.tasks = TaskRunner.forWindow(problem -> Optional.ofNullable(shown.get())
                .ifPresent(w -> w.notify(problem)));
        this.workspace = new Workspace(session, tasks);
        this.runs = new Runs(session, tasks, workspace);
        this.choosing = new Choosing(workspace);
        this.recent = new Recent(before.recent(), workspace);
        this.theme = new SimpleObjectProperty<>(before.dark() ? Theme.DARK : Theme.LIGHT);
        FileDialogs files = dialogs.apply(stage);
        Actions actions = new Actions(workspace, runs, files);
        GraphView graph = new GraphView(workspace, choosing, tasks);
        GraphSide side = new GraphSide(workspace, graph, new GraphTools(graph, tasks, files),
                new LayerTable(workspace, choosing, runs, tasks, files), actions);
        Panels panels = new Panels(workspace, choosing, runs, tasks, files, session);
        this.window = new MainWindow(workspace, choosing, runs, tasks, actions, recent, theme, side,
                panels.inspector(), panels.lower());
        shown.set(window);
    }

    private static Remembered.WindowPlace firstPlace() {
        Rectangle2D screen = Screen.getPrimary().getVisualBounds();
        double width = Math.min(WIDTH, screen.getWidth());
        double height = Math.min(HEIGHT, screen.getHeight());
        return new Remembered.WindowPlace(screen.getMinX() + (screen.getWidth() - width) / 2,
                screen.getMinY() + (screen.getHeight() - height) / 2, width, height, false);
    }

    /**
     * Shows the window with what was open last.
     *
     * @param samples folder with the sample models and images, for the first start
     * @param wanted  a model named on the command line
     */
    public void open(Optional<Path> samples, Optional<Path> wanted) {
        theme.get().apply();
        theme.addListener((_, _, now) -> now.apply());
        Scene scene = new Scene(window, place.width(), place.height());
        Theme.dress(scene);
        Texts texts = Texts.of("main");
        stage.titleProperty().bind(workspace.modelProperty().map(m -> m.map(o ->
                texts.text("title.model", o.model().file().getFileName())).orElse(texts.text("title"))));
        stage.setScene(scene);
        stage.setMinWidth(900);
        stage.setMinHeight(600);
        place(stage);
        stage.setOnHiding(_ -> keepLast());
        stage.show();
        restore(samples, wanted);
        rememberChanges();
        if (!troubles.isEmpty()) {
            tasks.report(new Problem(texts.text("return"), String.join(" ", troubles), true));
        }
    }

    /** A window that was on a screen that is gone comes back on the first one. */
    private void place(Stage on) {
        boolean seen = !Screen.getScreensForRectangle(place.x() + 40, place.y() + 10, 100, 20).isEmpty();
        Remembered.WindowPlace at = seen ? place : firstPlace();
        on.setX(at.x());
        on.setY(at.y());
        on.setWidth(at.width());
        on.setHeight(at.height());
        on.setMaximized(at.maximized());
    }

    private void restore(Optional<Path> samples, Optional<Path> wanted) {
        workspace.setImageSelection(before.selection());
        workspace.recall(before.choices());
        Texts texts = Texts.of("main");
        before.model().filter(f -> wanted.isEmpty() && !Files.isRegularFile(f))
                .ifPresent(f -> troubles.add(texts.text("return.model", f)));
        before.images().filter(f -> !Files.isDirectory(f))
                .ifPresent(f -> troubles.add(texts.text("return.images", f)));
        Optional<Path> last = before.model().filter(Files::isRegularFile);
        if (wanted.isPresent()) {
            workspace.open(wanted.get());
        } else if (last.isPresent()) {
            workspace.open(last.get());
        } else {
            samples.map(Assembly::sampleModel).filter(Files::isRegularFile).ifPresent(this::openSample);
        }
        before.images().filter(Files::isDirectory).or(() -> samples.map(s -> s.resolve("images"))
                .filter(Files::isDirectory)).ifPresent(workspace::chooseImages);
    }

    /** The very first start offers the job that the program is for: the first layer in int8. It can be undone. */
    private void openSample(Path file) {
        ReadOnlyBooleanProperty opened = workspace.open(file).endedProperty();
        if (before.model().isEmpty()) {
            opened.addListener((_, _, _) -> choosing.apply(Preset.FIRST_ONLY));
        }
    }

    private static Path sampleModel(Path samples) {
        Path archive = samples.resolve("alexnet-xnor.pt2");
        return Files.isRegularFile(archive) ? archive : samples.resolve("alexnet-xnor.onnx");
    }

    // ---- remembering ----

    private void rememberChanges() {
        for (Observable o : List.<Observable>of(workspace.modelProperty(), workspace.imagesProperty(),
                workspace.preprocessingProperty(), workspace.classNamesProperty(), workspace.imageSelectionProperty(),
                workspace.history().currentProperty(), recent.files(), theme, stage.maximizedProperty())) {
            o.addListener(_ -> keep());
        }
        for (Observable o : List.<Observable>of(stage.xProperty(), stage.yProperty(), stage.widthProperty(),
                stage.heightProperty())) {
            o.addListener(_ -> moved());
        }
    }

    private void moved() {
        if (!stage.isMaximized() && !stage.isIconified()) {
            place = new Remembered.WindowPlace(stage.getX(), stage.getY(), stage.getWidth(), stage.getHeight(), false);
            keep();
        }
    }

    private Remembered now() {
        ObservableList<Path> files = recent.files();
        return new Remembered(workspace.modelPath().map(p -> p.toAbsolutePath().normalize()).or(before::model),
                workspace.imagesPath().map(Path::toAbsolutePath).or(before::images), workspace.choices(),
                workspace.imageSelection(), List.copyOf(files),
                theme.get() == Theme.DARK, Optional.of(new Remembered.WindowPlace(place.x(), place.y(), place.width(),
                        place.height(), stage.isMaximized())));
    }

    /** An action's last change decides: what lies between its first and its last is no state to come back to. */
    private void keep() {
        if (!changed) {
            changed = true;
            Platform.runLater(() -> {
                changed = false;
                write();
            });
        }
    }

    /** Writes the newest state; states that come while one is being written are written together. */
    private void write() {
        if (toKeep.getAndSet(now()) == null) {
            tasks.quietly(Texts.of("main").text("remember"), (_, _) -> {
                synchronized (memory) {
                    Remembered newest = toKeep.getAndSet(null);
                    if (newest != null) {
                        memory.keep(newest);
                    }
                    return newest;
                }
            }, _ -> { });
        }
    }

    /** The last word when the window goes: background threads may not get to it any more. */
    private void keepLast() {
        synchronized (memory) {
            toKeep.set(null);
            try {
                memory.keep(now());
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "the window's state is not kept", e);
            }
        }
    }

    Workspace workspace() {
        return workspace;
    }

    Runs runs() {
        return runs;
    }

    MainWindow window() {
        return window;
    }
}
