package quantscope.app.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quantscope.app.FakeSession;
import quantscope.app.task.Problem;
import quantscope.app.task.TaskRunner;
import quantscope.dataset.ImageSelection;
import quantscope.export.Configuration;
import quantscope.export.ConfigurationJson;
import quantscope.ptq.Precision;
import quantscope.ptq.Specification;
import quantscope.session.CalibrationRun;

class OpenConfigurationTest {

    private final FakeSession session = new FakeSession();
    private final List<Problem> problems = new ArrayList<>();
    private final TaskRunner tasks = TaskRunner.sameThread(problems::add);
    private final Workspace workspace = new Workspace(session, tasks);
    private final Runs runs = new Runs(session, tasks, workspace);
    private static final Runs.OtherModel NEVER_ASKED = (made, open) -> {
        throw new AssertionError("asked about " + made.modelFile());
    };
    private Path file;

    @BeforeEach
    void saveAConfiguration(@TempDir Path folder) throws IOException {
        workspace.open(Path.of("alexnet-xnor.pt2"));
        workspace.chooseImages(Path.of("images"));
        workspace.setImageSelection(new ImageSelection(20, 10, 7, 4));
        new Choosing(workspace).toggle("conv1");
        runs.calibrateAndCompare();
        CalibrationRun run = runs.results().run().orElseThrow();
        file = folder.resolve("chosen.json");
        ConfigurationJson.save(session.configuration(run, runs.results().comparison()), file);
        workspace.change("nothing", Specification.EMPTY);
        workspace.open(Path.of("alexnet-xnor.pt2"));
        workspace.setImageSelection(ImageSelection.DEFAULT);
    }

    @Test
    void choicesAndNumbersComeBackWithoutCalibrating() {
        AtomicInteger calibrated = new AtomicInteger();
        session.perImage = calibrated::incrementAndGet;
        runs.openConfiguration(file, NEVER_ASKED);
        assertEquals(List.of(), problems);
        assertEquals(Optional.of(Precision.INT8), workspace.specification().choice("conv1").precision());
        assertEquals(new ImageSelection(20, 10, 7, 4), workspace.imageSelection());
        assertTrue(runs.results().comparison().isPresent());
        assertFalse(runs.results().stale());
        assertEquals(0, calibrated.get());
    }

    @Test
    void withoutImagesOnlyTheChoicesAreTaken() {
        Workspace bare = new Workspace(session, tasks);
        Runs bareRuns = new Runs(session, tasks, bare);
        bare.open(Path.of("alexnet-xnor.pt2"));
        bareRuns.openConfiguration(file, NEVER_ASKED);
        assertEquals(Optional.of(Precision.INT8), bare.specification().choice("conv1").precision());
        assertTrue(bareRuns.results().run().isEmpty());
    }

    @Test
    void openingIsOneStepThatCanBeUndone() {
        runs.openConfiguration(file, NEVER_ASKED);
        workspace.undo();
        assertEquals(Specification.EMPTY, workspace.specification());
    }

    @Test
    void aFileThatIsNoneIsReportedAndNothingChanges() throws IOException {
        Files.writeString(file, "{\"kind\": \"shopping list\"}");
        runs.openConfiguration(file, NEVER_ASKED);
        assertTrue(problems.getFirst().expected());
        assertTrue(problems.getFirst().message().contains("shopping list"), problems.getFirst().message());
        assertEquals(Specification.EMPTY, workspace.specification());
    }

    @Test
    void withoutAModelTheUserIsToldToOpenOne() {
        Runs bareRuns = new Runs(session, tasks, new Workspace(session, tasks));
        bareRuns.openConfiguration(file, NEVER_ASKED);
        assertTrue(problems.getFirst().message().contains("Open the model"), problems.getFirst().message());
    }

    @Test
    void anotherModelsConfigurationIsTakenOverOnlyIfThatIsWanted() throws Exception {
        Configuration own = ConfigurationJson.load(file);
        ConfigurationJson.save(new Configuration("other.pt2", own.modelFormat(), "1".repeat(64), own.specification(),
                own.preprocessing(), own.imagesFolder(), own.selection(), own.calibrationImages(), own.evaluationImages(),
                own.activations(), own.weights()), file);
        List<String> asked = new ArrayList<>();
        runs.openConfiguration(file, (made, open) -> !asked.add(made.modelFile()));
        assertEquals(List.of("other.pt2"), asked);
        assertEquals(Specification.EMPTY, workspace.specification());
        runs.openConfiguration(file, (made, open) -> asked.add(made.modelFile()));
        assertEquals(2, asked.size());
        assertEquals(Optional.of(Precision.INT8), workspace.specification().choice("conv1").precision());
        assertTrue(runs.results().comparison().isPresent());
    }

    @Test
    void classNamesAreTheFilesUntilTheUserGivesOthers() {
        assertEquals("car", workspace.className(1));
        assertEquals("class 2", workspace.className(2));
        workspace.setClassNames(List.of("Apfel", "", "Boot"));
        assertEquals("class 1", workspace.className(1));
        assertEquals("Boot", workspace.className(2));
        workspace.open(Path.of("residual.onnx"));
        assertEquals("car", workspace.className(1));
        workspace.open(Path.of("alexnet-xnor.pt2"));
        assertEquals("Boot", workspace.className(2));
    }
}
