package quantscope.app.calibration;

import java.util.List;
import javafx.scene.control.Label;
import quantscope.app.state.Runs;

/** What the last calibration warns of; nothing where it warns of nothing. */
final class Warnings extends Label {

    Warnings(Runs runs) {
        setId("calibration-warnings");
        getStyleClass().add("caution");
        setWrapText(true);
        setMinHeight(USE_PREF_SIZE);
        visibleProperty().bind(textProperty().isNotEmpty());
        managedProperty().bind(visibleProperty());
        runs.results().runProperty().addListener((_, _, _) -> show(runs));
        show(runs);
    }

    private void show(Runs runs) {
        setText(String.join("\n", runs.results().run().map(r -> r.calibration().warnings()).orElse(List.of())));
    }
}
