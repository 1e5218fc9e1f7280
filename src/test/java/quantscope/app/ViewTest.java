package quantscope.app;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.application.Application;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextInputControl;
import javafx.stage.Stage;
import javax.imageio.ImageIO;
import org.testfx.framework.junit5.ApplicationTest;
import org.testfx.util.WaitForAsyncUtils;
import quantscope.app.control.FileDialogs;
import quantscope.app.state.Choosing;
import quantscope.app.state.Runs;
import quantscope.app.state.Workspace;
import quantscope.app.task.Problem;
import quantscope.app.task.TaskRunner;

/** One view on a stage of its own with a session without files; all work is done at once in the window's thread. */
public abstract class ViewTest extends ApplicationTest {

    private static final Path PICTURES = Path.of("target", "pictures");

    protected final FakeSession session = new FakeSession();
    protected final List<Problem> problems = new ArrayList<>();
    protected final TaskRunner tasks = TaskRunner.sameThread(problems::add);
    protected final Workspace workspace = new Workspace(session, tasks);
    protected final Choosing choosing = new Choosing(workspace);
    protected final Runs runs = new Runs(session, tasks, workspace);
    protected final Answers dialogs = new Answers();
    protected Stage stage;

    /** Made in the window's thread. */
    protected abstract Parent view();

    @Override
    public void start(Stage shown) {
        stage = shown;
        Application.setUserAgentStylesheet(new PrimerLight().getUserAgentStylesheet());
        Scene scene = new Scene(view(), 400, 740);
        for (String slice : List.of("tokens", "control", "calibration", "drift", "saturation", "export")) {
            Optional.ofNullable(ViewTest.class.getResource("/quantscope/style/" + slice + ".css"))
                    .ifPresent(sheet -> scene.getStylesheets().add(sheet.toExternalForm()));
        }
        stage.setScene(scene);
        // A window that an earlier test had on this stage may have asked for more.
        stage.setMinWidth(0);
        stage.setMinHeight(0);
        stage.setWidth(400);
        stage.setHeight(740);
        stage.show();
    }

    /** Opens the sample with conv1 in int8 and images. */
    protected void openSample() {
        interact(() -> {
            workspace.open(Path.of("alexnet-xnor.pt2"));
            workspace.chooseImages(Path.of("images"));
            choosing.toggle("conv1");
        });
    }

    protected String text(String id) {
        return switch (lookup("#" + id).query()) {
            case Labeled labeled -> labeled.getText();
            case TextInputControl input -> input.getText();
            default -> throw new AssertionError(id + " has no text");
        };
    }

    /** All that can be read on labels and buttons, line by line. */
    protected String read() {
        return lookup((javafx.scene.Node n) -> n instanceof Labeled && visible(n)).queryAll().stream()
                .map(n -> ((Labeled) n).getText()).filter(t -> t != null && !t.isBlank())
                .collect(Collectors.joining("\n"));
    }

    protected static boolean visible(javafx.scene.Node node) {
        for (javafx.scene.Node n = node; n != null; n = n.getParent()) {
            if (!n.isVisible()) {
                return false;
            }
        }
        return true;
    }

    /** Pictures in light and dark, narrow and low, in target/pictures for whoever wants to look. */
    protected void picture(String name) {
        picture(name + "-narrow", 400, 740, false);
        picture(name + "-low-dark", 1180, 280, true);
    }

    protected void picture(String name, double width, double height, boolean dark) {
        interact(() -> {
            Application.setUserAgentStylesheet(dark ? new PrimerDark().getUserAgentStylesheet()
                    : new PrimerLight().getUserAgentStylesheet());
            stage.setWidth(width);
            stage.setHeight(height);
        });
        WaitForAsyncUtils.waitForFxEvents(3);
        interact(() -> {
            try {
                Files.createDirectories(PICTURES);
                ImageIO.write(SwingFXUtils.fromFXImage(stage.getScene().snapshot(null), null), "png",
                        PICTURES.resolve(name + ".png").toFile());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** A user who answers every question with the next path. */
    public static final class Answers implements FileDialogs {

        public final Deque<Path> next = new ArrayDeque<>();
        /** What was asked, and what is said to it. */
        public final Deque<String> questions = new ArrayDeque<>();
        public boolean yes;

        @Override
        public Optional<Path> open(String title, String kind, String... extensions) {
            return Optional.ofNullable(next.poll());
        }

        @Override
        public Optional<Path> folder(String title) {
            return Optional.ofNullable(next.poll());
        }

        @Override
        public Optional<Path> save(String title, String name, String extension) {
            return Optional.ofNullable(next.poll());
        }

        @Override
        public boolean confirm(String title, String question, String button) {
            questions.add(question);
            return yes;
        }
    }
}
