package quantscope.app.main;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;
import quantscope.app.FakeSession;
import quantscope.app.control.FileDialogs;
import quantscope.app.memory.Memory;
import quantscope.app.memory.Remembered;
import quantscope.app.memory.StateFile;
import quantscope.app.state.Choices;
import quantscope.app.task.Problem;
import quantscope.dataset.ImageSelection;
import quantscope.ptq.Precision;
import quantscope.ptq.Specification;

/** The frame, the graph and the table on the sample's structure, as a user sees and drives them. */
@Tag("ui")
@ExtendWith(ApplicationExtension.class)
class MainWindowTest {

    @TempDir
    static Path folder;

    private Assembly assembly;
    private StateFile memory;
    private Optional<Path> answer = Optional.empty();

    @Start
    void start(Stage stage) throws Exception {
        memory = new StateFile(folder.resolve(Long.toString(System.nanoTime())));
        memory.keep(new Remembered(Optional.empty(), Optional.of(folder), Map.of(),
                ImageSelection.DEFAULT, java.util.List.of(), false,
                Optional.of(new Remembered.WindowPlace(0, 0, 1000, 1000, false))));
        FileDialogs dialogs = new FileDialogs() {
            @Override
            public Optional<Path> open(String title, String kind, String... extensions) {
                return answer;
            }

            @Override
            public Optional<Path> folder(String title) {
                return answer;
            }

            @Override
            public Optional<Path> save(String title, String name, String extension) {
                return answer;
            }

            @Override
            public boolean confirm(String title, String question, String yes) {
                return false;
            }
        };
        assembly = new Assembly(new FakeSession(), memory, stage, _ -> dialogs);
        assembly.open(Optional.empty(), Optional.of(Path.of("alexnet-xnor.pt2")));
    }

    private static void await(Callable<Boolean> condition) throws TimeoutException {
        WaitForAsyncUtils.waitFor(20, TimeUnit.SECONDS, condition);
        WaitForAsyncUtils.waitForFxEvents();
    }

    private static boolean shown(FxRobot robot, String query) {
        return robot.lookup(query).tryQuery().isPresent();
    }

    private void awaitGraph(FxRobot robot) throws TimeoutException {
        await(() -> shown(robot, "#card-conv1") && assembly.workspace().images().isPresent());
    }

    @Test
    void tickingPlacesStubsAndUndoTakesThemAwayWhileTheCardStaysInPlace(FxRobot robot) throws Exception {
        awaitGraph(robot);
        assertFalse(shown(robot, "#card-conv1_quant") || shown(robot, ".form-stub"));
        Bounds before = place(robot, "#card-conv1");
        robot.clickOn("#tick-conv1");
        await(() -> robot.lookup(".form-stub").queryAll().size() == 2 && still(robot));
        assertTrue(robot.lookup("#tick-conv1").queryAs(CheckBox.class).isSelected());
        assertEquals(before.getMinY(), place(robot, "#card-conv1").getMinY(), 1.5);
        robot.press(KeyCode.CONTROL).type(KeyCode.Z).release(KeyCode.CONTROL);
        await(() -> !shown(robot, ".form-stub"));
        robot.clickOn("#tool-redo");
        await(() -> shown(robot, ".form-stub"));
    }

    private static boolean still(FxRobot robot) {
        return robot.lookup("#card-conv1").queryAs(Node.class).getOpacity() == 1
                && robot.lookup(".form-stub").queryAll().stream().allMatch(n -> n.getOpacity() == 1);
    }

    private static Bounds place(FxRobot robot, String query) {
        Node node = robot.lookup(query).query();
        return node.localToScreen(node.getBoundsInLocal());
    }

    @Test
    void keysWalkAlongEdgesAndTheTableFollows(FxRobot robot) throws Exception {
        awaitGraph(robot);
        robot.clickOn("#card-conv1").type(KeyCode.DOWN).type(KeyCode.DOWN).type(KeyCode.UP);
        await(() -> assembly.workspace().selectedLayer().equals(Optional.of("bn1")));
        robot.clickOn("#look-TABLE");
        TableView<?> table = robot.lookup("#layer-table").queryAs(TableView.class);
        assertEquals(1, table.getSelectionModel().getSelectedIndex());
        robot.clickOn("#layer-filter").write("binary");
        await(() -> table.getItems().size() == 7);
    }

    @Test
    void spaceTicksTheSelectedLayer(FxRobot robot) throws Exception {
        awaitGraph(robot);
        robot.clickOn("#card-conv1").type(KeyCode.SPACE);
        await(() -> robot.lookup(".form-stub").queryAll().size() == 2);
        await(() -> memory.recall().chosen().specification().layers().containsKey("conv1"));
    }

    /** Whatever is written while a window comes back is what a kill would leave. */
    @Test
    void noStateThatIsWrittenDuringAStartLosesChoices(FxRobot robot) throws Exception {
        awaitGraph(robot);
        Path model = Files.createFile(Files.createDirectory(folder.resolve("kept")).resolve("alexnet-xnor.pt2"));
        Remembered before = new Remembered(Optional.of(model), Optional.of(folder), Map.of(model, new Choices(
                Specification.EMPTY.withPrecision("conv1", Optional.of(Precision.INT8)), Optional.empty(),
                Optional.of(List.of("Apfel", "Auto")))), ImageSelection.DEFAULT, List.of(), false, Optional.empty());
        List<Remembered> written = new CopyOnWriteArrayList<>();
        Memory watched = new Memory() {
            @Override
            public Remembered recall(Consumer<String> trouble) {
                return before;
            }

            @Override
            public void keep(Remembered remembered) {
                written.add(remembered);
            }
        };
        robot.interact(() -> {
            Assembly later = new Assembly(new FakeSession(), watched, new Stage(), _ -> null);
            later.open(Optional.empty(), Optional.empty());
            assembly = later;
        });
        await(() -> assembly.workspace().specification().layers().containsKey("conv1") && !written.isEmpty()
                && written.getLast().model().isPresent());
        assertEquals(List.of(before.chosen()), written.stream().map(Remembered::chosen).distinct().toList());
        robot.interact(assembly.workspace()::undo);
        await(() -> written.getLast().chosen().specification().equals(Specification.EMPTY));
    }

    @Test
    void runSaysWhatIsMissingThenCalibratesAndChecksItself(FxRobot robot) throws Exception {
        awaitGraph(robot);
        assertEquals("Tick a layer first", robot.lookup("#readiness").queryAs(Label.class).getText());
        assertTrue(robot.lookup("#tool-run").queryAs(Button.class).isDisabled());
        robot.clickOn("#tick-conv1");
        await(() -> !robot.lookup("#tool-run").queryAs(Button.class).isDisabled());
        robot.clickOn("#tool-run");
        await(() -> assembly.runs().results().comparison().isPresent() && assembly.runs().selfCheck().isPresent());
        await(() -> robot.lookup("#self-check").queryAs(Button.class).getText().contains("3.10e-06"));
        assertFalse(robot.lookup("#stale").queryAs(Node.class).isVisible());
        robot.clickOn("#tool-undo");
        await(() -> robot.lookup("#stale").queryAs(Node.class).isVisible());
    }

    @Test
    void aBrokenFileIsNotifiedAndNothingIsLost(FxRobot robot) throws Exception {
        awaitGraph(robot);
        answer = Optional.of(Path.of("broken.onnx"));
        robot.press(KeyCode.CONTROL).type(KeyCode.O).release(KeyCode.CONTROL);
        await(() -> robot.lookup(".notification-bar").tryQuery().isPresent()
                && robot.lookup(".notification-bar .label").queryAllAs(Label.class).stream()
                .anyMatch(l -> l.getText().contains("the weight is cut off; export the model again")));
        assertTrue(shown(robot, "#card-conv1"));
    }

    @Test
    void theToolbarFitsTheSmallestWindowWhateverTheFolderIsCalled(FxRobot robot) throws Exception {
        awaitGraph(robot);
        robot.interact(() -> assembly.window().getScene().getWindow().setWidth(900));
        Path folderOfMany = Path.of("a-folder-of-calibration-images-with-a-name-that-has-no-end-2026-11-24");
        robot.interact(() -> assembly.workspace().chooseImages(folderOfMany));
        await(() -> assembly.workspace().imagesPath().equals(Optional.of(folderOfMany)));
        Node last = robot.lookup("#tool-theme").query();
        await(() -> last.localToScene(last.getBoundsInLocal()).getMaxX() <= assembly.window().getScene().getWidth());
    }

    @Test
    void aNotificationHidesNothingWrapsAndCanBeDismissed(FxRobot robot) throws Exception {
        awaitGraph(robot);
        Node toggle = robot.lookup("#look-TABLE").query();
        double before = toggle.localToScene(0, 0).getY();
        robot.interact(() -> assembly.window().notify(new Problem("Opening", "where it is and what to do. ".repeat(16),
                true)));
        await(() -> toggle.localToScene(0, 0).getY() > before);
        Bounds bar = robot.lookup("#notice").query().localToScene(robot.lookup("#notice").query().getBoundsInLocal());
        assertTrue(toggle.localToScene(toggle.getBoundsInLocal()).getMinY() >= bar.getMaxY(),
                "the bar ends above the tools");
        Label message = robot.lookup("#notice-message").queryAs(Label.class);
        assertTrue(message.getHeight() > 2 * message.getFont().getSize(), "several lines");
        assertEquals(message.getHeight(), message.prefHeight(message.getWidth()), 1, "all of them are shown");
        robot.clickOn("#notice-dismiss");
        await(() -> toggle.localToScene(0, 0).getY() == before);
        assertFalse(robot.lookup("#notice").query().isVisible());
    }
}
