package quantscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;

/** What goes wrong says so in one message; the window lives on with everything that was chosen. */
class BadInputWalkTest extends WindowWalk {

    private void conv1Ticked() throws TimeoutException {
        untilReady();
        tickConv1();
    }

    private void refused(String... parts) throws TimeoutException {
        until("a message", () -> !notification().isEmpty());
        String message = notification();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
        assertFalse(message.contains("Exception"), message);
        assertEquals(2, lookup(".form-stub").queryAll().size(), "the choice is kept");
        assertEquals("alexnet-xnor.pt2 – Quantscope", fx(stage::getTitle));
    }

    private Path cut(String model, int bytes) throws IOException {
        byte[] whole = Files.readAllBytes(SAMPLES.resolve(model));
        return Files.write(folder.resolve("cut-" + model), Arrays.copyOf(whole, bytes));
    }

    @Test
    void aTruncatedOnnxFileIsRefusedAndTheModelStays() throws Exception {
        conv1Ticked();
        openModel(cut("alexnet.onnx", 100_000));
        refused("cut-alexnet.onnx", "copy the file again");
    }

    @Test
    void aTruncatedArchiveIsRefusedAndTheModelStays() throws Exception {
        conv1Ticked();
        openModel(cut("alexnet.pt2", 100_000));
        refused("cut-alexnet.pt2", "export or copy it again");
    }

    @Test
    void aPickledModuleIsRefusedWithWhatToSaveInstead() throws Exception {
        conv1Ticked();
        openModel(Path.of("src/test/resources/golden/checkpoint/whole-module.pth"));
        refused("whole-module.pth", "torch.nn.modules.container.Sequential", "torch.save(model.state_dict()");
    }

    @Test
    void aTextFileIsRefusedWithWhatIsReadInstead() throws Exception {
        conv1Ticked();
        openModel(Files.writeString(folder.resolve("notes.txt"), "buy milk"));
        refused("notes.txt", "ONNX", ".pt2");
    }

    @Test
    void aFolderWithoutImagesIsRefusedAndTheImagesStay() throws Exception {
        conv1Ticked();
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Files.writeString(empty.resolve("readme.txt"), "none");
        chooseImages(empty);
        refused("empty", "JPEG");
        assertTrue(text("#tool-images").contains("300 images"), text("#tool-images"));
    }

    @Test
    void aFolderThatVanishesIsSaidAndTheChoicesStay() throws Exception {
        conv1Ticked();
        Path images = someImages(12);
        chooseImages(images);
        untilText("#tool-images", "24 images");
        try (Stream<Path> all = Files.walk(images)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        press("#tool-run");
        refused("some-images");
        untilText("#tool-run", "Calibrate & compare");
    }

    @Test
    void aFolderWithoutAReadableImageIsSaidWithTheFirstReason() throws Exception {
        conv1Ticked();
        Path images = Files.createDirectories(folder.resolve("broken"));
        for (int i = 0; i < 3; i++) {
            Files.writeString(images.resolve(i + ".jpg"), "no picture");
        }
        chooseImages(images);
        untilText("#tool-images", "3 images");
        press("#tool-run");
        refused(images.toString(), "none of 3 images can be read", "choose another folder");
    }

    @Test
    void aConfigurationThatIsNoneIsRefused() throws Exception {
        conv1Ticked();
        answers.next.add(Files.writeString(folder.resolve("wrong.json"), "{\"kind\": \"shopping list\"}"));
        press("#tab-export");
        press("#open-configuration-empty");
        refused("wrong.json", "quantscope-configuration");
    }

    @Test
    void anExportThatCannotBeWrittenLeavesTheOldFile() throws Exception {
        conv1Ticked();
        run();
        press("#tool-export");
        until("a preview", () -> text("#export-text").contains("conv1"));
        answers.next.add(folder.resolve("no-such-folder").resolve("conv1.json"));
        press("#save-export");
        refused("conv1.json", "folder does not exist");
        assertFalse(Files.exists(folder.resolve("no-such-folder")));
        type(KeyCode.ESCAPE);
        assertEquals(List.of("QuantStub", "DeQuantStub"), fx(() -> lookup(".form-stub .card-name").queryAll().stream()
                .map(n -> ((javafx.scene.control.Labeled) n).getText()).sorted(java.util.Comparator.reverseOrder())
                .toList()));
    }
}
