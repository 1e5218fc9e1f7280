package quantscope.app.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.Labeled;
import javafx.scene.control.Spinner;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableView;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.skin.TableColumnHeader;
import javafx.scene.text.Text;
import org.junit.jupiter.api.Test;
import org.testfx.util.WaitForAsyncUtils;
import quantscope.app.ViewTest;
import quantscope.app.state.Readiness;
import quantscope.dataset.ImageSelection;

class CalibrationViewTest extends ViewTest {

    @Override
    protected Parent view() {
        return new CalibrationView(workspace, runs, dialogs);
    }

    private void type(String id, String text) {
        interact(() -> lookup("#" + id).queryAs(TextInputControl.class).setText(text));
    }

    private boolean startable() {
        return !lookup("#panel-calibrate").queryAs(Button.class).isDisabled();
    }

    @Test
    void itSaysStepByStepWhatIsMissing() {
        assertEquals("Open a model first.", text("calibration-readiness"));
        interact(() -> workspace.open(Path.of("alexnet-xnor.pt2")));
        assertEquals("Choose a folder of images.", text("calibration-readiness"));
        dialogs.next.add(Path.of("images"));
        interact(() -> lookup("#choose-images").queryButton().fire());
        assertEquals("300 images in 2 classes", text("image-facts"));
        assertEquals("Choose int8 for at least one layer.", text("calibration-readiness"));
        assertFalse(startable());
        interact(() -> choosing.toggle("conv1"));
        assertEquals("Ready.", text("calibration-readiness"));
        assertTrue(startable());
        picture("calibration-ready");
    }

    @Test
    void noScaleIsCutOffAtAnyWidth() {
        openSample();
        interact(() -> lookup("#panel-calibrate").queryButton().fire());
        for (double width : new double[] {400, 500, 660, 800, 1000, 1300}) {
            interact(() -> stage.setWidth(width));
            WaitForAsyncUtils.waitForFxEvents(3);
            List<Labeled> cells = new ArrayList<>(from(lookup("#scale-table")).lookup((Node n) -> n instanceof
                    Labeled && visible(n) && (n instanceof TableCell || n.getParent() instanceof TableColumnHeader))
                    .queryAllAs(Labeled.class));
            cells.removeIf(c -> c.getText() == null || c.getText().isEmpty());
            assertTrue(cells.size() > 8, "cells at " + width + ": " + cells.size());
            for (Labeled cell : cells) {
                assertEquals(cell.getText(), ((Text) cell.lookup(".text")).getText(), "shown at " + width);
            }
        }
    }

    @Test
    void aLongNameIsReadByHovering() {
        openSample();
        interact(() -> lookup("#panel-calibrate").queryButton().fire());
        TableCell<?, ?> cell = lookup((Node n) -> n instanceof TableCell<?, ?> c && "quant_conv1".equals(c.getText()))
                .query();
        assertEquals("quant_conv1", cell.getTooltip().getText());
        assertTrue(cell.getTableColumn().isResizable());
    }

    @Test
    void oneClickFillsTheTableOfScales() {
        openSample();
        interact(() -> lookup("#panel-calibrate").queryButton().fire());
        assertEquals("Results are up to date.", text("calibration-readiness"));
        List<ScaleRow> rows = lookup("#scale-table").<ScaleRow>queryTableView().getItems();
        assertEquals(ScaleRow.of(runs.results().run().orElseThrow().calibration()), rows);
        assertFalse(rows.isEmpty());
        picture("calibration-done");
        interact(() -> choosing.toggle("conv1"));
        assertEquals("Choose int8 for at least one layer.", text("calibration-readiness"));
        interact(() -> choosing.toggle("fc6"));
        assertEquals("Choices have changed since the last run.", text("calibration-readiness"));
    }

    @Test
    void numbersThatAreTypedCountAtOnceAndNonsenseDoesNot() {
        openSample();
        type("calibration-text", "12");
        type("seed-text", "7");
        assertEquals(new ImageSelection(12, 100, 7, 32), workspace.imageSelection());
        type("calibration-text", "many");
        type("batch-text", "0");
        assertEquals(new ImageSelection(12, 100, 7, 32), workspace.imageSelection());
        interact(() -> lookup("#evaluation").queryAs(Spinner.class).increment());
        assertEquals(101, workspace.imageSelection().evaluation());
    }

    @Test
    void aFolderTooSmallForTheWishIsPointedOut() {
        openSample();
        type("calibration-text", "250");
        assertEquals("The folder has 300 images: 50 are left to compare on.", text("image-shortage"));
        type("calibration-text", "100");
        assertEquals("", text("image-shortage"));
    }

    @Test
    void preprocessingIsEditedAndReset() {
        openSample();
        assertEquals("From the model file", text("preprocessing-source"));
        assertEquals("73", text("resize"));
        type("resize", "");
        assertEquals(OptionalInt.empty(), workspace.preprocessing().orElseThrow().resize());
        assertEquals("Edited", text("preprocessing-source"));
        type("mean", "0.5, 0.5");
        type("crop-height", "224");
        assertEquals("Crop height: this network reads 64 × 64 pixels", text("preprocessing-invalid"));
        assertEquals(64, workspace.preprocessing().orElseThrow().cropHeight());
        assertEquals(Readiness.INVALID_PREPROCESSING, runs.readiness());
        assertEquals("Mend the preprocessing.", text("calibration-readiness"));
        assertEquals("Edited", text("preprocessing-source").substring(0, 6));
        picture("calibration-invalid");
        interact(() -> lookup("#preprocessing-reset").queryButton().fire());
        assertEquals("From the model file", text("preprocessing-source"));
        assertEquals("64", text("crop-height"));
        assertEquals("0.485, 0.456, 0.406", text("mean"));
    }

    @Test
    void classNamesFollowWhatIsTyped() {
        openSample();
        type("class-names", "Apfel\nAuto\nBoot\n\n");
        assertEquals(List.of("Apfel", "Auto", "Boot"), workspace.classNames());
        interact(() -> lookup("#classes-reset").queryButton().fire());
        assertEquals("apple\ncar", text("class-names"));
    }

    @Test
    void theCalibrationsWarningsAreShownAboveItsScales() {
        openSample();
        assertEquals("", text("calibration-warnings"));
        interact(() -> lookup("#panel-calibrate").queryButton().fire());
        assertEquals("conv1: a warning", text("calibration-warnings"));
    }

    @Test
    void skippedImagesAreCountedAndListed() {
        session.unreadable = true;
        openSample();
        interact(() -> lookup("#panel-calibrate").queryButton().fire());
        assertEquals("One image was skipped", text("skipped-images"));
        interact(() -> lookup("#skipped-images").queryButton().fire());
        assertTrue(read().contains("apple/broken.jpg"), read());
        assertTrue(read().contains("broken image data"), read());
    }
}
