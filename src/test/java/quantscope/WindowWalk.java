package quantscope;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javafx.embed.swing.SwingFXUtils;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.IndexedCell;
import javafx.scene.control.Labeled;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableRow;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import javafx.stage.Window;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.framework.junit5.ApplicationTest;
import org.testfx.util.WaitForAsyncUtils;
import quantscope.app.ViewTest.Answers;
import quantscope.app.main.Assembly;
import quantscope.app.memory.Remembered;
import quantscope.app.memory.StateFile;
import quantscope.dataset.ImageSelection;
import quantscope.session.Session;

/** The whole window with the real session on the sample, driven by mouse and keys and read as a user reads it. */
@Tag("ui")
abstract class WindowWalk extends ApplicationTest {

    static final Path SAMPLES = Path.of("sample-models");
    private static final int PATIENCE_SECONDS = 30;

    @TempDir
    protected Path folder;

    protected final Answers answers = new Answers();
    protected Stage stage;

    /** JavaFX's headless screen is 1000 x 1000 pixels; pop-ups need the rest of it, it fails at what goes beyond. */
    private static final double WIDTH = 1000;
    private static final double HEIGHT = 720;

    /** What the window works with: the program's own session, unless a test must hold it. */
    protected Session session() {
        return Composition.session();
    }

    /** How many images runs take: few, unless a test needs more. */
    protected ImageSelection selection() {
        return new ImageSelection(24, 20, 0, 8);
    }

    /** Prepares the state folder of the first start. */
    protected void prepareState(Path state) throws IOException {
        new StateFile(state).keep(new Remembered(Optional.empty(), Optional.empty(), Map.of(), selection(), List.of(), false,
                Optional.of(new Remembered.WindowPlace(0, 0, WIDTH, HEIGHT, false))));
    }

    protected Path state() {
        return folder.resolve("state");
    }

    @Override
    public void start(Stage shown) throws IOException {
        prepareState(state());
        open(shown);
    }

    @Override
    public void stop() {
        stage.hide();
    }

    /** A window on the state folder, as the program opens it. */
    protected void open(Stage shown) {
        stage = shown;
        new Assembly(session(), new StateFile(state()), shown, _ -> answers)
                .open(Optional.of(SAMPLES), Optional.empty());
    }

    // ---- waiting ----

    protected static void until(String what, Callable<Boolean> condition) throws TimeoutException {
        try {
            WaitForAsyncUtils.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS, () -> fx(condition));
            WaitForAsyncUtils.waitForFxEvents();
        } catch (TimeoutException e) {
            TimeoutException named = new TimeoutException("not within " + PATIENCE_SECONDS + " s: " + what);
            named.initCause(e);
            picture();
            throw named;
        }
    }

    /** What the window looked like when a wait ended in vain: target/pictures/failed-walk*.png */
    private static void picture() {
        for (Window window : fx(() -> List.copyOf(Window.getWindows()))) {
            BufferedImage image = fx(() -> SwingFXUtils.fromFXImage(window.getScene().snapshot(null), null));
            try {
                Path folder = Files.createDirectories(Path.of("target", "pictures"));
                ImageIO.write(image, "png", Files.createTempFile(folder, "failed-walk", ".png").toFile());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    protected static <T> T fx(Callable<T> work) {
        return WaitForAsyncUtils.waitForAsyncFx(PATIENCE_SECONDS * 1000L, work);
    }

    protected void untilShown(String query) throws TimeoutException {
        until(query + " is shown", () -> find(query).isPresent());
    }

    protected void untilText(String query, String part) throws TimeoutException {
        try {
            until(query + " says " + part, () -> text(query).contains(part));
        } catch (TimeoutException e) {
            throw new AssertionError(query + " says '" + fx(() -> text(query)) + "', expected '" + part + "'", e);
        }
    }

    /** The sample is open with its images, and with nothing chosen: what the first start chose is undone. */
    protected void untilReady() throws TimeoutException {
        untilOpen();
        shortcut(KeyCode.Z);
        until("no stub", () -> lookup(".form-stub").queryAll().isEmpty());
    }

    /** The sample is open with its images and conv1 in int8, as a first start leaves it. */
    protected void untilOpen() throws TimeoutException {
        untilText("#tool-images", "300 images");
        untilStubs();
    }

    private void untilStubs() throws TimeoutException {
        until("two stubs", () -> lookup(".form-stub").queryAll().size() == 2
                && lookup(".form-stub").queryAll().stream().allMatch(n -> n.getOpacity() == 1));
    }

    // ---- reading ----

    /** The first visible node; names of layers hold characters that style sheets take for something else. */
    protected Optional<Node> find(String query) {
        boolean id = query.startsWith("#") && !query.contains(" ");
        return (id ? lookup((Node n) -> query.substring(1).equals(n.getId())) : lookup(query)).queryAll().stream()
                .filter(WindowWalk::visible).findFirst();
    }

    /** What the first visible node of a query says; empty when there is none. */
    protected String text(String query) {
        return find(query).map(WindowWalk::said).orElse("");
    }

    private static String said(Node node) {
        return switch (node) {
            case Labeled labeled -> labeled.getText() == null ? "" : labeled.getText();
            case TextInputControl input -> input.getText() == null ? "" : input.getText();
            default -> "";
        };
    }

    /** All labels that can be read inside of a node, in order, without empty ones. */
    protected List<String> read(String query) {
        return fx(() -> find(query).map(n -> from(n).lookup((Node inside) -> inside instanceof Labeled
                && visible(inside)).queryAll().stream().map(WindowWalk::said).filter(t -> !t.isBlank()).toList())
                .orElse(List.of()));
    }

    /** The rows of a table that are on the screen, cell by cell, from top to bottom. */
    protected List<List<String>> rows(String table) {
        return fx(() -> {
            List<TableRow<?>> rows = new ArrayList<>();
            from(find(table).orElseThrow()).lookup((Node n) -> n instanceof TableRow<?> r && !r.isEmpty() && visible(r))
                    .queryAll().forEach(n -> rows.add((TableRow<?>) n));
            rows.sort(Comparator.comparingInt(IndexedCell::getIndex));
            return rows.stream().map(WindowWalk::cells).toList();
        });
    }

    private static List<String> cells(TableRow<?> row) {
        return row.getChildrenUnmodifiable().stream().filter(TableCell.class::isInstance).map(TableCell.class::cast)
                .map(cell -> {
                    String own = cell.getText() == null ? "" : cell.getText();
                    return own.isEmpty() && cell.getGraphic() instanceof Labeled inside ? said(inside) : own;
                }).toList();
    }

    /** The message of the notification bar; empty while there is none. */
    protected String notification() {
        return fx(() -> find(".notification-bar .label").map(WindowWalk::said).orElse(""));
    }

    protected static boolean visible(Node node) {
        if (node.getScene() == null || !node.getScene().getWindow().isShowing()) {
            return false;
        }
        for (Node n = node; n != null; n = n.getParent()) {
            if (!n.isVisible()) {
                return false;
            }
        }
        return true;
    }

    protected Bounds place(String query) {
        return fx(() -> {
            Node node = find(query).orElseThrow();
            return node.localToScreen(node.getBoundsInLocal());
        });
    }

    // ---- doing ----

    /** Waits until a visible node can be clicked, and clicks it. */
    protected void press(String query) throws TimeoutException {
        until(query + " can be clicked", () -> find(query).filter(n -> !n.isDisabled()).isPresent());
        fx(() -> scrollTo(find(query).orElseThrow()));
        WaitForAsyncUtils.waitForFxEvents();
        clickOn(fx(() -> find(query).orElseThrow()));
        WaitForAsyncUtils.waitForFxEvents();
    }

    /** Scrolls panes around a node until its middle is in view. */
    private static Node scrollTo(Node node) {
        for (Node n = node; n != null; n = n.getParent()) {
            if (n instanceof ScrollPane pane && pane.getContent() != null && pane.getContent() != node) {
                Bounds inside = pane.getContent().sceneToLocal(node.localToScene(node.getBoundsInLocal()));
                double view = pane.getViewportBounds().getHeight();
                double hidden = pane.getContent().getBoundsInLocal().getHeight() - view;
                double top = pane.getVvalue() * Math.max(0, hidden);
                if (hidden > 0 && (inside.getMinY() < top || inside.getMaxY() > top + view)) {
                    pane.setVvalue(Math.clamp((inside.getCenterY() - view / 2) / hidden, 0, 1));
                    pane.layout();
                }
            }
        }
        return node;
    }

    protected void shortcut(KeyCode... keys) {
        press(KeyCode.CONTROL).push(keys).release(KeyCode.CONTROL);
        WaitForAsyncUtils.waitForFxEvents();
    }

    /** Opens a file with Ctrl+O. */
    protected void openModel(Path file) {
        answers.next.add(file);
        shortcut(KeyCode.O);
    }

    /** Clicks a layer's name in the table. */
    protected void pressRow(String layer) throws TimeoutException {
        Callable<Optional<Node>> cell = () -> lookup((Node n) -> n instanceof TableCell<?, ?> c
                && layer.equals(c.getText()) && visible(c)).queryAll().stream().findFirst();
        until("a row of " + layer, () -> cell.call().isPresent());
        clickOn(fx(() -> cell.call().orElseThrow()));
        WaitForAsyncUtils.waitForFxEvents();
    }

    protected void chooseImages(Path images) throws TimeoutException {
        answers.next.add(images);
        press("#tool-images");
    }

    /** Types over what a field says. */
    protected void type(String field, String text) throws TimeoutException {
        press(field);
        shortcut(KeyCode.A);
        write(text);
        WaitForAsyncUtils.waitForFxEvents();
    }

    /** Ticks conv1 for int8 with the mouse. */
    protected void tickConv1() throws TimeoutException {
        press("#tick-conv1");
        untilStubs();
    }

    /** Runs and waits for the drift. */
    protected void run() throws TimeoutException {
        press("#tool-run");
        until("a drift", () -> text("#tool-run").startsWith("Calibrate") && text("#drift-headline").contains("%"));
    }

    /** A copy of some sample images, for tests that spoil them. */
    protected Path someImages(int each) throws IOException {
        Path copy = folder.resolve("some-images");
        for (String name : List.of("apple", "car")) {
            Files.createDirectories(copy.resolve(name));
            for (int i = 0; i < each; i++) {
                String file = String.format("%03d.jpg", i);
                Files.copy(SAMPLES.resolve("images").resolve(name).resolve(file), copy.resolve(name).resolve(file));
            }
        }
        return copy;
    }
}
