package quantscope.app.saturation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import javafx.scene.Parent;
import javafx.scene.control.Button;
import org.junit.jupiter.api.Test;
import org.testfx.util.WaitForAsyncUtils;
import quantscope.app.ViewTest;
import quantscope.app.state.Forecasts;
import quantscope.quant.Profile;

class SaturationViewTest extends ViewTest {

    @Override
    protected Parent view() {
        return new SaturationView(workspace, choosing, runs, new Forecasts(session, tasks, runs));
    }

    private void calibrate() {
        interact(runs::calibrateAndCompare);
        WaitForAsyncUtils.waitForFxEvents();
    }

    private void fire(String id) {
        interact(() -> lookup("#" + id).queryAs(Button.class).fire());
        WaitForAsyncUtils.waitForFxEvents();
    }

    @Test
    void beforeARunItSaysWhatItWillShow() {
        assertTrue(read().contains("No forecast yet"), read());
        picture("saturation-before");
    }

    @Test
    void aRunIsForecastAndOneClickReducesTheRangeOfALayer() {
        openSample();
        calibrate();
        assertEquals("One layer saturates without VNNI; conv1 in 4.2 % of its dot products", text("saturation-headline"));
        assertTrue(read().contains("18 levels"), read());
        picture("saturation");
        fire("reduce-conv1");
        assertTrue(workspace.specification().qconfig("conv1").weight().reduceRange());
        assertTrue(read().contains("Range reduced"), read());
        assertTrue(read().contains("Choices have changed"), read());
        calibrate();
        assertEquals("Without VNNI nothing saturates on these images", text("saturation-headline"));
        interact(workspace::undo);
        assertFalse(workspace.specification().qconfig("conv1").weight().reduceRange());
    }

    @Test
    void allLayersAreReducedInOneStep() {
        openSample();
        calibrate();
        fire("reduce-all");
        assertTrue(workspace.specification().qconfig("conv1").weight().reduceRange());
        assertFalse(visible(lookup("#reduce-all").query()));
    }

    @Test
    void qnnpackHasNothingToForecast() {
        openSample();
        interact(() -> choosing.setProfile(Profile.QNNPACK));
        calibrate();
        assertTrue(read().contains("Nothing can saturate"), read());
    }
}
