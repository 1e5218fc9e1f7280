package quantscope.app.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import quantscope.app.FakeSession;
import quantscope.app.task.Problem;
import quantscope.app.task.TaskRunner;
import quantscope.dataset.ImageSelection;
import quantscope.dataset.Preprocessing;
import quantscope.figure.Layers;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.ptq.Fix;
import quantscope.ptq.FixKind;
import quantscope.ptq.Precision;
import quantscope.ptq.Preset;
import quantscope.ptq.Specification;

class WorkspaceTest {

    private final FakeSession session = new FakeSession();
    private final List<Problem> problems = new ArrayList<>();
    private final TaskRunner tasks = TaskRunner.sameThread(problems::add);
    private final Workspace workspace = new Workspace(session, tasks);
    private final Choosing choosing = new Choosing(workspace);
    private final Runs runs = new Runs(session, tasks, workspace);

    private List<String> stubs() {
        return workspace.prepared().orElseThrow().graph().nodes().stream()
                .filter(n -> Layers.stub(n.op())).map(Node::name).toList();
    }

    private void openSample() {
        workspace.open(Path.of("alexnet-xnor.pt2"));
        workspace.chooseImages(Path.of("images"));
    }

    @Test
    void openSelectsTheFirstLayerWithAWeight() {
        openSample();
        assertEquals(Optional.of("conv1"), workspace.selectedLayer());
        assertEquals(Optional.of(Path.of("alexnet-xnor.pt2")), workspace.modelPath());
    }

    @Test
    void tickingALayerPlacesStubsAndUndoTakesThemAway() {
        openSample();
        choosing.toggle("conv1");
        assertEquals(List.of("quant_conv1", "dequant_conv1"), stubs());
        workspace.undo();
        assertEquals(List.of(), stubs());
        workspace.redo();
        assertEquals(List.of("quant_conv1", "dequant_conv1"), stubs());
    }

    @Test
    void everyStepHasADescriptionAndANewStepForgetsTheUndoneOnes() {
        openSample();
        choosing.toggle("conv1");
        assertEquals(Optional.of("conv1 to int8"), workspace.history().undoableProperty().get());
        workspace.undo();
        assertEquals(Optional.empty(), workspace.history().undoableProperty().get());
        assertEquals(Optional.of("conv1 to int8"), workspace.history().redoableProperty().get());
        choosing.setPrecision("conv2", Precision.INT8);
        assertEquals(Optional.empty(), workspace.history().redoableProperty().get());
    }

    @Test
    void aChoiceOfWhatTheFileHasIsNoChoice() {
        openSample();
        choosing.setPrecision("conv2", Precision.BINARY);
        assertEquals(Specification.EMPTY, workspace.specification());
        assertEquals(Optional.empty(), workspace.history().undoableProperty().get());
    }

    @Test
    void presetsAreOneStep() {
        workspace.open(Path.of("residual.onnx"));
        choosing.apply(Preset.FIRST_AND_LAST_FP32);
        assertFalse(choosing.ticked("conv1"));
        assertTrue(choosing.ticked("block0.conv1"));
        assertFalse(choosing.ticked("fc"));
        assertEquals(Optional.of("Preset: First and last stay fp32"), workspace.history().undoableProperty().get());
        workspace.undo();
        assertEquals(Specification.EMPTY, workspace.specification());
        assertEquals("conv1 only", choosing.describe(Preset.FIRST_ONLY));
    }

    @Test
    void presetsForTheWholeModelSayWhichLayersTheyLeaveAloneAndWhy() {
        openSample();
        choosing.apply(Preset.FIRST_ONLY);
        choosing.apply(Preset.NOTHING);
        assertEquals(List.of(), problems);
        choosing.apply(Preset.EVERYTHING);
        assertEquals("Preset: Everything", problems.getFirst().title());
        assertTrue(problems.getFirst().message().startsWith("7 binary layers stay binary, and 9 layers that only feed "
                + "their signs stay fp32: int8 there would flip signs"), problems.getFirst().message());
        assertEquals(Problem.Kind.NOTICE, problems.getFirst().kind());
        choosing.apply(Preset.FIRST_AND_LAST_FP32);
        assertEquals(2, problems.size());
        workspace.open(Path.of("residual.onnx"));
        choosing.apply(Preset.EVERYTHING);
        assertEquals(2, problems.size(), "a model without binary layers has nothing to tell");
    }

    @Test
    void tickingABlockedLayerMendsItInTheSameStep() {
        workspace.open(Path.of("residual.onnx"));
        choosing.toggle("block0.add");
        assertTrue(choosing.ticked("block0.add"));
        Fix fix = new Fix(FixKind.USE_FLOAT_FUNCTIONAL, "block0.add");
        assertEquals(Set.of(fix), workspace.specification().fixes());
        workspace.undo();
        assertEquals(Specification.EMPTY, workspace.specification());
    }

    @Test
    void choicesStayWithTheirModelFile() {
        openSample();
        choosing.toggle("conv1");
        workspace.open(Path.of("residual.onnx"));
        assertEquals(Specification.EMPTY, workspace.specification());
        workspace.open(Path.of("alexnet-xnor.pt2"));
        assertTrue(choosing.ticked("conv1"));
        assertEquals(Optional.of("Choices of before"), workspace.history().undoableProperty().get());
        workspace.open(Path.of("alexnet-xnor.pt2"));
        assertTrue(choosing.ticked("conv1"));
        workspace.undo();
        assertFalse(choosing.ticked("conv1"));
        Workspace later = new Workspace(session, tasks);
        choosing.toggle("conv1");
        later.recall(workspace.choices());
        later.open(Path.of("alexnet-xnor.pt2"));
        assertEquals(workspace.specification(), later.specification());
        assertEquals(List.of("residual.onnx", "alexnet-xnor.pt2"),
                later.choices().keySet().stream().map(p -> p.getFileName().toString()).toList());
    }

    @Test
    void ofChoicesForAFileThatHasChangedThoseThatFitAreKept() {
        openSample();
        choosing.toggle("conv1");
        Specification gone = workspace.specification().withPrecision("gone1", Optional.of(Precision.INT8))
                .withFix(new Fix(FixKind.MAKE_UNIQUE, "gone2"));
        Workspace later = new Workspace(session, tasks);
        later.recall(Map.of(Path.of("alexnet-xnor.pt2").toAbsolutePath(), new Choices(gone,
                Optional.of(Preprocessing.imageNet(3, 32, 32)), Optional.empty())));
        later.open(Path.of("alexnet-xnor.pt2"));
        assertEquals(workspace.specification().layers(), later.specification().layers());
        assertEquals(workspace.preprocessing(), later.preprocessing());
        assertEquals(1, problems.size());
        assertTrue(problems.getFirst().message().contains("gone1"), problems.getFirst().message());
    }

    @Test
    void preprocessingThatIsTypedWrongHoldsTheRunBack() {
        openSample();
        choosing.toggle("conv1");
        assertEquals(Readiness.READY, runs.readiness());
        workspace.setPreprocessingTyped(false);
        assertEquals(Readiness.INVALID_PREPROCESSING, runs.readiness());
        workspace.open(Path.of("alexnet-xnor.pt2"));
        assertEquals(Readiness.READY, runs.readiness());
    }

    @Test
    void aBrokenFileIsReportedAndLeavesEverythingAsItWas() {
        openSample();
        choosing.toggle("conv1");
        workspace.open(Path.of("broken.onnx"));
        assertEquals("broken.onnx: Conv_3: the weight is cut off; export the model again",
                problems.getFirst().message());
        assertTrue(problems.getFirst().expected());
        assertEquals(Optional.of(Path.of("alexnet-xnor.pt2")), workspace.modelPath());
        assertTrue(choosing.ticked("conv1"));
        workspace.chooseImages(Path.of("empty"));
        assertEquals(2, problems.size());
        assertEquals(Optional.of(Path.of("images")), workspace.imagesPath());
    }

    @Test
    void readinessSaysWhatIsMissing() {
        assertEquals(Readiness.NO_MODEL, runs.readiness());
        workspace.open(Path.of("alexnet-xnor.pt2"));
        assertEquals(Readiness.NO_IMAGES, runs.readiness());
        workspace.chooseImages(Path.of("images"));
        assertEquals(Readiness.NOTHING_CHOSEN, runs.readiness());
        choosing.apply(Preset.FIRST_ONLY);
        assertEquals(Readiness.READY, runs.readiness());
        workspace.open(Path.of("strange.onnx"));
        assertEquals(Readiness.UNSUPPORTED, runs.readiness());
    }

    @Test
    void calibrateAndCompareShowsRunComparisonInsightAndSelfCheck() {
        openSample();
        choosing.apply(Preset.FIRST_ONLY);
        runs.calibrateAndCompare();
        assertEquals(200, runs.results().run().orElseThrow().images().size());
        assertEquals(1, runs.results().comparison().orElseThrow().drift().drifted().size());
        assertEquals("conv1", runs.results().insight().orElseThrow().layer());
        assertEquals("fc8", runs.selfCheck().orElseThrow().layer());
        assertFalse(runs.results().stale());
        assertEquals(Readiness.READY, runs.readiness());
        workspace.select("conv3");
        assertEquals("conv3", runs.results().insight().orElseThrow().layer());
    }

    @Test
    void resultsStayButAreStaleAfterAChangeAndFreshAgainAfterUndo() {
        openSample();
        choosing.apply(Preset.FIRST_ONLY);
        runs.calibrateAndCompare();
        choosing.setPrecision("conv2", Precision.FP32);
        assertTrue(runs.results().stale());
        assertTrue(runs.results().comparison().isPresent());
        workspace.undo();
        assertFalse(runs.results().stale());
        workspace.setImageSelection(new ImageSelection(100, 100, 1, 32));
        assertTrue(runs.results().stale());
    }

    @Test
    void aCancelledCalibrationPublishesNothing() {
        openSample();
        choosing.apply(Preset.FIRST_ONLY);
        runs.calibrateAndCompare();
        var before = runs.results().run().orElseThrow();
        choosing.setPrecision("conv2", Precision.FP32);
        int[] images = {0};
        session.perImage = () -> {
            if (++images[0] == 50) {
                tasks.tasks().getFirst().cancel();
            }
        };
        runs.calibrateAndCompare();
        assertEquals(50, images[0]);
        assertSame(before, runs.results().run().orElseThrow());
        assertTrue(runs.results().stale());
        assertTrue(problems.isEmpty());
        assertTrue(tasks.tasks().isEmpty());
    }

    @Test
    void aBugIsReportedAsSuchAndTheWindowLivesOn() {
        openSample();
        choosing.apply(Preset.FIRST_ONLY);
        session.perImage = () -> {
            throw new IllegalStateException("a bug");
        };
        runs.calibrateAndCompare();
        assertFalse(problems.getFirst().expected());
        assertEquals(Readiness.READY, runs.readiness());
    }
}
