package quantscope.app.drift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import org.controlsfx.control.GridView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.util.WaitForAsyncUtils;
import quantscope.app.ViewTest;
import quantscope.compare.Answer;
import quantscope.compare.ImageComparison;
import quantscope.compare.Outcome;

class DriftViewTest extends ViewTest {

    private static final Path IMAGES = Path.of("sample-models", "images");

    @Override
    protected Parent view() {
        return new DriftView(workspace, choosing, runs, tasks, dialogs);
    }

    private static ImageComparison image(String path, int label, int fp32, int converted) {
        return new ImageComparison(path, label < 0 ? OptionalInt.empty() : OptionalInt.of(label),
                new Answer(List.of(fp32, 1 - fp32), List.of(0.75f, 0.25f)),
                new Answer(List.of(converted, 1 - converted), List.of(0.625f, 0.375f)));
    }

    private void compare(List<ImageComparison> answers) {
        session.answers = answers;
        interact(() -> {
            workspace.open(Path.of("alexnet-xnor.pt2"));
            workspace.chooseImages(IMAGES);
            choosing.toggle("conv1");
            runs.calibrateAndCompare();
        });
        WaitForAsyncUtils.waitForFxEvents();
    }

    private void pick(String id) {
        interact(() -> lookup("#" + id).queryAs(javafx.scene.control.ToggleButton.class).fire());
        WaitForAsyncUtils.waitForFxEvents();
    }

    private List<String> shown() {
        List<?> items = lookup("#gallery").queryAs(GridView.class).getItems();
        return items.stream().map(i -> ((ImageComparison) i).path()).toList();
    }

    /** Real pictures of the samples, so that there is something to look at; the last file is not there. */
    private static List<ImageComparison> mixed() throws IOException {
        List<ImageComparison> answers = new ArrayList<>();
        try (Stream<Path> files = Files.walk(IMAGES)) {
            List<Path> pictures = files.filter(f -> f.toString().endsWith(".jpg")).sorted().toList();
            for (int i = 0; i < 12; i++) {
                String path = IMAGES.relativize(pictures.get(i * 23)).toString().replace('\\', '/');
                answers.add(image(path, i % 2, i % 3 == 0 ? 0 : 1, i % 3 == 1 ? 0 : 1));
            }
        }
        answers.add(image("gone.jpg", 0, 0, 1));
        return answers;
    }

    @Test
    void beforeAComparisonItSaysWhatToDo() {
        assertTrue(read().contains("Not compared yet"), read());
        assertTrue(read().contains("Calibrate & compare"), read());
        picture("drift-before");
    }

    @Test
    void theHeadlineHasIntervalAndCount() {
        compare(List.of(image("a.jpg", 0, 0, 1), image("b.jpg", 0, 0, 0)));
        assertEquals("Top-1 drift 50.0 %", text("drift-headline"));
        assertEquals("95 % CI 25.0 % to 50.0 %  ·  1 of 2 images", text("drift-interval"));
        assertEquals("Top-1 accuracy: fp32 100.0 %, converted 50.0 % (−50.0)", text("drift-top1"));
    }

    @Test
    void driftedImagesComeFirstAndFiltersShowOthers() throws IOException {
        compare(mixed());
        List<String> drifted = mixed().stream().filter(ImageComparison::drifted).map(ImageComparison::path).toList();
        assertEquals(drifted, shown());
        assertTrue(lookup(".image-card").queryAll().size() >= 4);
        picture("drift");
        pick("filter-BECAME_RIGHT");
        picture("drift-right");
        assertEquals(mixed().stream().filter(i -> Outcome.of(i) == Outcome.BECAME_RIGHT).map(ImageComparison::path)
                .toList(), shown());
        pick("filter-ALL");
        assertEquals(13, shown().size());
    }

    @Test
    void namesOfClassesFollowTheUsersEdits() {
        compare(List.of(image("a.jpg", 0, 0, 1)));
        assertTrue(read().contains("True: apple"), read());
        interact(() -> workspace.setClassNames(List.of("Apfel", "Auto")));
        WaitForAsyncUtils.waitForFxEvents();
        assertTrue(read().contains("True: Apfel"), read());
    }

    @Test
    void noDriftIsGoodNews() {
        compare(List.of(image("a.jpg", 0, 0, 0), image("b.jpg", 0, 1, 1)));
        assertTrue(read().contains("No image changed its answer"), read());
        assertTrue(read().contains("all 2 images"), read());
        picture("drift-none");
    }

    @Test
    void withoutLabelsThereIsNoAccuracyAndNoRightOrWrong() {
        compare(List.of(image("a.jpg", -1, 0, 1)));
        assertEquals("No labels in this folder, so no accuracy", text("drift-top1"));
        assertTrue(lookup("#filter-BECAME_WRONG").query().isDisabled());
        assertFalse(lookup("#filter-ALL").query().isDisabled());
    }

    @Test
    void aClickShowsTheImageLargeWithBothTopFive() throws IOException {
        compare(mixed());
        interact(() -> lookup(".image-card").queryAllAs(Button.class).iterator().next().fire());
        WaitForAsyncUtils.waitForFxEvents();
        assertTrue(lookup(".image-detail").tryQuery().isPresent());
        assertTrue(read().contains("25.0 %"), read());
    }

    @Test
    void pickingALayerOfTheTableSelectsItEverywhereAndFlipsAreShown() throws IOException {
        compare(mixed());
        pick("page-LAYERS");
        interact(() -> lookup("#layer-errors").<LayerErrorRow>queryTableView().getSelectionModel().select(
                lookup("#layer-errors").<LayerErrorRow>queryTableView().getItems().stream()
                        .filter(r -> r.layer().equals("conv3")).findFirst().orElseThrow()));
        assertEquals(Optional.of("conv3"), workspace.selectedLayer());
        assertTrue(read().contains("31.5 dB"), read());
        assertTrue(read().contains("3.4 %"), read());
        picture("drift-layers");
    }

    @Test
    void tablesAreSavedAsCsv(@TempDir Path folder) throws IOException {
        compare(List.of(image("a.jpg", 0, 0, 1), image("b.jpg", 0, 0, 0)));
        dialogs.next.add(folder.resolve("images.csv"));
        interact(() -> lookup("#save-images").queryButton().fire());
        assertEquals(2, Files.readAllLines(folder.resolve("images.csv")).size());
        pick("page-LAYERS");
        dialogs.next.add(folder.resolve("missing").resolve("layers.csv"));
        interact(() -> lookup("#save-errors").queryButton().fire());
        assertTrue(problems.getFirst().message().contains("layers.csv"), problems.toString());
    }

    @Test
    void staleResultsSaySo() {
        compare(List.of(image("a.jpg", 0, 0, 1)));
        assertFalse(lookup("#drift-stale").query().isVisible());
        interact(() -> choosing.toggle("fc6"));
        assertTrue(lookup("#drift-stale").query().isVisible());
    }
}
