package quantscope.app.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javafx.scene.Parent;
import javafx.scene.control.TableView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quantscope.app.ViewTest;
import quantscope.compare.ImageAgreement;
import quantscope.export.ConfigurationJson;
import quantscope.ptq.Precision;
import quantscope.quant.Profile;

class ExportViewTest extends ViewTest {

    @Override
    protected Parent view() {
        return new ExportView(runs, session, tasks, dialogs);
    }

    private void calibrate() {
        openSample();
        interact(runs::calibrateAndCompare);
    }

    @Test
    void beforeACalibrationItSaysWhatToDo() {
        assertTrue(read().contains("Nothing to export yet"), read());
        picture("export-before");
    }

    @Test
    void thePreviewIsWhatIsSaved(@TempDir Path folder) throws IOException {
        calibrate();
        assertTrue(text("export-files").startsWith("Writes alexnet-xnor-int8.json ("), text("export-files"));
        Path file = folder.resolve("mine.json");
        dialogs.next.add(file);
        interact(() -> lookup("#save-export").queryButton().fire());
        assertEquals(Files.readString(file), text("export-text"));
        assertEquals("Saved " + file, text("export-saved"));
        picture("export-saved");
    }

    @Test
    void theFormatsAreTheSessions() {
        calibrate();
        session.exporters().forEach(e -> assertTrue(read().contains(e.title()), read()));
    }

    @Test
    void everyFormatIsPickedByItsButtonAndSuggestsANameOfItsOwn() {
        calibrate();
        java.util.Set<String> names = new java.util.HashSet<>();
        for (var exporter : session.exporters()) {
            var button = lookup("#format-" + exporter.id()).queryAs(javafx.scene.control.ToggleButton.class);
            assertTrue(button.getBoundsInParent().getMaxX() <= button.getParent().getLayoutBounds().getWidth() + 1,
                    exporter.title() + " does not fit");
            interact(button::fire);
            assertTrue(button.isSelected());
            assertTrue(names.add(Preview.name(runs.results().run().orElseThrow(), exporter)), exporter.id());
        }
        assertTrue(names.contains("alexnet_xnor_int8_fx.py"), names.toString());
        picture("export-formats");
    }

    @Test
    void anExportedModelIsVerifiedImageByImage() {
        calibrate();
        interact(() -> lookup("#format-onnx").queryAs(javafx.scene.control.ToggleButton.class).fire());
        assertTrue(read().contains("another backend\u2019s arithmetic"), read());
        interact(() -> lookup("#verify-export").queryButton().fire());
        assertEquals("1 of 2 images: the same answer in ONNX Runtime 0. Outputs differ by 0.500 at most.",
                text("verify-summary"));
        TableView<?> table = lookup("#verify-table").queryTableView();
        assertEquals("apple/8.jpg", ((ImageAgreement) table.getItems().getFirst()).path());
        picture("export-verified");
        interact(() -> choosing.setProfile(Profile.ONNXRUNTIME));
        interact(runs::calibrateAndCompare);
        assertEquals("", text("verify-summary"));
        assertFalse(read().contains("another backend"), read());
    }

    @Test
    void staleResultsSaySoAndOfferToCalibrate() {
        calibrate();
        assertFalse(lookup("#export-stale").query().isVisible());
        interact(() -> choosing.toggle("conv1"));
        interact(() -> choosing.setPrecision("fc8", Precision.INT8));
        assertTrue(lookup("#export-stale").query().isVisible());
        picture("export-stale");
        interact(() -> lookup("#calibrate-before-export").queryButton().fire());
        assertFalse(lookup("#export-stale").query().isVisible());
    }

    @Test
    void aPlaceThatCannotBeWrittenIsAProblemNotACrash(@TempDir Path folder) {
        calibrate();
        dialogs.next.add(folder.resolve("missing").resolve("mine.json"));
        interact(() -> lookup("#save-export").queryButton().fire());
        assertTrue(problems.getFirst().message().contains("its folder does not exist"), problems.toString());
        assertEquals("", text("export-saved"));
    }

    @Test
    void aConfigurationOpensAgainWithItsNumbers(@TempDir Path folder) throws IOException {
        calibrate();
        Path file = folder.resolve("mine.json");
        ConfigurationJson.save(session.configuration(runs.results().run().orElseThrow(), Optional.empty()), file);
        interact(() -> workspace.open(Path.of("alexnet-xnor.pt2")));
        assertTrue(runs.results().run().isEmpty());
        dialogs.next.add(file);
        interact(() -> lookup("#open-configuration-empty").queryButton().fire());
        assertEquals(Precision.INT8, choosing.precision("conv1"));
        assertTrue(runs.results().comparison().isPresent(), problems.toString());
        assertFalse(text("export-text").isEmpty());
    }

    @Test
    void aReportIsWrittenOfWhatWasCompared(@TempDir Path folder) throws IOException {
        calibrate();
        Path file = folder.resolve("report.html");
        dialogs.next.add(file);
        assertFalse(lookup("#save-report").queryButton().isDisabled());
        interact(() -> lookup("#save-report").queryButton().fire());
        assertEquals("a report of 1", Files.readString(file));
        assertEquals("Saved " + file, text("export-saved"));
        interact(() -> workspace.open(Path.of("alexnet-xnor.pt2")));
        assertTrue(runs.results().comparison().isEmpty());
        interact(runs::calibrateAndCompare);
        assertEquals("", text("export-saved"));
    }

    @Test
    void aReportThatIsCalledOffWritesNothing(@TempDir Path folder) {
        calibrate();
        session.perImage = () -> tasks.tasks().getLast().cancel();
        dialogs.next.add(folder.resolve("report.html"));
        interact(() -> lookup("#save-report").queryButton().fire());
        assertFalse(Files.exists(folder.resolve("report.html")));
        assertEquals("", text("export-saved"));
        assertEquals(List.of(), problems);
    }

    @Test
    void aReportThatCannotBeWrittenIsAProblem(@TempDir Path folder) {
        calibrate();
        dialogs.next.add(folder.resolve("missing").resolve("report.html"));
        interact(() -> lookup("#save-report").queryButton().fire());
        assertTrue(problems.getFirst().message().contains("its folder does not exist"), problems.toString());
    }

    @Test
    void sizesAreReadable() {
        assertEquals("12 B", new Preview.Written("a", 12).size());
        assertEquals("1.5 kB", new Preview.Written("a", 1_499).size());
        assertEquals("2.0 MB", new Preview.Written("a", 2_000_000).size());
    }
}
