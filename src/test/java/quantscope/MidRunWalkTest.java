package quantscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import quantscope.session.Session;

/** What a user may do, and what may happen, while a calibration is under way. */
class MidRunWalkTest extends WindowWalk {

    private final HeldSession held = new HeldSession(super.session());

    @Override
    protected Session session() {
        return held.session();
    }

    @AfterEach
    void release() {
        held.release();
    }

    @Test
    void cancellingLeavesEverythingAsItWas() throws Exception {
        untilReady();
        tickConv1();
        run();
        String headline = text("#drift-headline");
        String interval = text("#drift-interval");
        press("#tab-calibration");
        type("#calibration-text", "200");
        type("#evaluation-text", "100");
        untilText("#calibration-readiness", "Choices have changed since the last run.");
        held.holdAt("Calibrating");
        press("#panel-calibrate");
        until("progress", () -> text("#calibration-progress").matches(".*\\d+ of 200.*"));
        press("#cancel-calibration");
        held.release();
        untilText("#tool-run", "Calibrate & compare");
        untilText("#calibration-readiness", "Choices have changed since the last run.");
        assertEquals("200", text("#calibration-text"));
        assertEquals("", notification());
        press("#tab-drift");
        assertEquals(headline, text("#drift-headline"));
        assertEquals(interval, text("#drift-interval"));
    }

    @Test
    void aFolderThatVanishesIsSaidAndTheChoicesStay() throws Exception {
        untilReady();
        tickConv1();
        Path images = someImages(24);
        chooseImages(images);
        untilText("#tool-images", "48 images");
        held.holdAt("Reading images");
        press("#tool-run");
        until("the run is under way", () -> text("#tool-run").equals("Cancel"));
        Files.move(images, folder.resolve("elsewhere"));
        held.release();
        until("a message", () -> !notification().isEmpty());
        assertTrue(notification().contains(images.toString()) && notification().contains("choose another one"),
                notification());
        untilText("#tool-run", "Calibrate & compare");
        assertEquals(2, lookup(".form-stub").queryAll().size(), "the choice is kept");
        assertEquals("", text("#drift-headline"));
    }

    @Test
    void theWindowAnswersWhileACalibrationRuns() throws Exception {
        untilReady();
        tickConv1();
        held.holdAt("Calibrating");
        press("#tool-run");
        until("the run is under way", () -> text("#tool-run").equals("Cancel"));
        press("#card-conv2");
        untilText(".layer-title", "conv2");
        press("#tick-conv1");
        until("no stub", () -> lookup(".form-stub").queryAll().stream().noneMatch(WindowWalk::visible));
        held.release();
        untilText("#tool-run", "Calibrate & compare");
        press("#tab-calibration");
        untilText("#calibration-readiness", "Choose int8 for at least one layer.");
    }
}
