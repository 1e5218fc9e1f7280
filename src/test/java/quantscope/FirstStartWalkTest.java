package quantscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;

/** What somebody finds who opens the program for the first time, and for the second. */
class FirstStartWalkTest extends WindowWalk {

    @Test
    void theNextClickIsCalibrateAndCompare() throws Exception {
        untilOpen();
        assertEquals("", text("#readiness"));
        assertTrue(read("#card-conv1").contains("int8"));
        assertEquals(1, fx(() -> lookup(".graph-card.precision-int8").queryAll().stream()
                .filter(n -> !n.getStyleClass().contains("form-stub")).count()));
        assertEquals("", notification());
        run();
    }

    @Test
    void whatWasTakenBackStaysSoAtTheNextStart() throws Exception {
        untilOpen();
        shortcut(KeyCode.Z);
        untilText("#readiness", "Tick a layer first");
        until("the model is on the disk, without a layer", () -> {
            String state = Files.readString(state().resolve("state.json"));
            return state.contains("alexnet-xnor.pt2") && !state.contains("\"conv1\"");
        });
        fx(() -> {
            Stage before = stage;
            open(new Stage());
            before.hide();
            return stage;
        });
        until("the model again", () -> stage.getTitle() != null && stage.getTitle().startsWith("alexnet-xnor.pt2"));
        untilText("#tool-images", "300 images");
        untilText("#readiness", "Tick a layer first");
        assertEquals(0, fx(() -> lookup(".form-stub").queryAll().stream()
                .filter(n -> n.getScene() == stage.getScene()).count()));
    }
}
