package quantscope.app.export;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.FlowPane;
import quantscope.export.Exporter;

/** The formats side by side, in as many rows as they need; one is picked. */
final class FormatChoice extends FlowPane {

    private final Map<String, ToggleButton> buttons = new LinkedHashMap<>();

    /** @param picked is told what the user picks; the buttons follow {@link #show} */
    FormatChoice(List<Exporter> exporters, Consumer<Exporter> picked) {
        super(4, 4);
        for (Exporter exporter : exporters) {
            ToggleButton button = new ToggleButton(exporter.title());
            button.setId("format-" + exporter.id());
            button.getStyleClass().add("small");
            button.setMinWidth(USE_PREF_SIZE);
            button.setOnAction(_ -> {
                button.setSelected(true);
                picked.accept(exporter);
            });
            buttons.put(exporter.id(), button);
        }
        getChildren().setAll(buttons.values());
    }

    /** Shows a format without telling anybody. */
    void show(Exporter exporter) {
        buttons.forEach((id, button) -> button.setSelected(id.equals(exporter.id())));
    }
}
