package quantscope.app.inspector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.ScrollPane;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testfx.util.WaitForAsyncUtils;
import quantscope.app.ViewTest;

@Tag("ui")
class InspectorViewTest extends ViewTest {

    @Override
    protected Parent view() {
        return new InspectorView(InspectorView.Part.OUTPUT, workspace, runs, tasks, dialogs);
    }

    @Test
    void everyNumberCanBeReachedInALowWindow() {
        openSample();
        interact(() -> {
            stage.setHeight(240);
            runs.calibrateAndCompare();
        });
        WaitForAsyncUtils.waitForFxEvents(3);
        ScrollPane scroll = lookup(".inspector .scroll-pane").query();
        Node last = lookup("#output-maxError").query();
        assertTrue(scene(last).getMaxY() > scene(scroll).getMaxY(), "this test wants a window that is too low");
        interact(() -> scroll.setVvalue(1));
        WaitForAsyncUtils.waitForFxEvents(3);
        assertTrue(scene(last).getMaxY() <= scene(scroll).getMaxY() && scene(last).getMinY() >= scene(scroll).getMinY(),
                scene(last) + " in " + scene(scroll));
        assertEquals(1, lookup(".histogram-chart").queryAll().size());
    }

    private static Bounds scene(Node node) {
        return node.localToScene(node.getBoundsInLocal());
    }
}
