package quantscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;

/** A second window on the first one's state. */
class ComeBackWalkTest extends WindowWalk {

    private void again(boolean orderly) {
        fx(() -> {
            if (orderly) {
                stage.hide();
            }
            Stage before = stage;
            open(new Stage());
            before.setOnHiding(null);
            before.hide();
            return stage;
        });
    }

    @Test
    void modelImagesChoicesAndSizeComeBack() throws Exception {
        untilReady();
        openModel(SAMPLES.resolve("alexnet.pt2"));
        until("alexnet.pt2", () -> stage.getTitle().startsWith("alexnet.pt2"));
        chooseImages(someImages(12));
        untilText("#tool-images", "24 images");
        type("#seed-text", "7");
        fx(() -> {
            stage.setWidth(960);
            stage.setHeight(690);
            return stage;
        });
        press("#look-GRAPH");
        tickConv1();
        again(true);
        until("the model", () -> stage.getTitle() != null && stage.getTitle().startsWith("alexnet.pt2"));
        untilText("#tool-images", "24 images");
        until("two stubs", () -> lookup(".form-stub").queryAll().stream().filter(n -> n.getScene() == stage.getScene())
                .count() == 2);
        assertEquals("7", text("#seed-text"));
        assertEquals(960, stage.getWidth(), 1);
        assertEquals(690, stage.getHeight(), 1);
    }

    @Test
    void aKilledProgramLosesAtMostTheLastAction() throws Exception {
        untilReady();
        tickConv1();
        until("the tick is on the disk", () -> written().contains("conv1"));
        shortcut(KeyCode.Z);
        until("the undone tick is on the disk", () -> !written().contains("conv1"));
        shortcut(KeyCode.Y);
        until("the tick is on the disk again", () -> written().contains("conv1"));
        again(false);
        until("two stubs", () -> lookup(".form-stub").queryAll().stream().filter(n -> n.getScene() == stage.getScene())
                .count() == 2);
    }

    @Test
    void aDamagedStateIsSetAsideAndTheSampleOpens() throws Exception {
        untilReady();
        fx(() -> {
            stage.hide();
            return stage;
        });
        for (Path file : files()) {
            Files.writeString(file, "{\"version\": 1, \"model\": [[[");
        }
        again(false);
        until("the sample", () -> stage.getTitle() != null && stage.getTitle().startsWith("alexnet-xnor.pt2"));
        untilText("#tool-images", "300 images");
        assertTrue(files().stream().anyMatch(f -> !f.getFileName().toString().equals("state.json")),
                "the damaged file is kept aside: " + files());
        until("a notification", () -> notification().startsWith("Coming back: " + state().resolve("state.json")
                + " cannot be read"));
        assertTrue(notification().contains("state.json.unreadable") && notification().contains("Open your model"),
                notification());
    }

    @Test
    void aModelAndAFolderThatAreGoneAreNamed() throws Exception {
        untilReady();
        Path model = Files.copy(SAMPLES.resolve("alexnet-xnor.onnx"), folder.resolve("mine.onnx"));
        Path images = someImages(3);
        openModel(model);
        until("the other model", () -> stage.getTitle().startsWith("mine.onnx"));
        chooseImages(images);
        untilText("#tool-images", "6 images");
        until("both on the disk", () -> written().contains("mine.onnx") && written().contains("some-images"));
        Files.delete(model);
        Files.move(images, folder.resolve("elsewhere"));
        again(true);
        until("the sample", () -> stage.getTitle() != null && stage.getTitle().startsWith("alexnet-xnor.pt2"));
        until("a notification", () -> notification().contains(model + ", which was open last, is no longer there")
                && notification().contains("The folder " + images + ", which was open last, is no longer there"));
    }

    private String written() throws IOException {
        Path file = state().resolve("state.json");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private java.util.List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(state())) {
            return all.toList();
        }
    }

    @Override
    protected void untilReady() throws TimeoutException {
        super.untilReady();
        until("a state on the disk", () -> Files.exists(state().resolve("state.json")));
    }
}
