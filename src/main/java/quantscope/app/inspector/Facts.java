package quantscope.app.inspector;

import java.util.LinkedHashMap;
import java.util.Map;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.TilePane;
import javafx.scene.layout.VBox;

/** Numbers under their names, as many side by side as there is room for. */
final class Facts extends TilePane {

    private final String id;
    private final Map<String, Label> values = new LinkedHashMap<>();

    /** @param id prefix of the values' ids, followed by - and their key */
    Facts(String id) {
        this.id = id;
        getStyleClass().add("facts");
        setPrefTileWidth(148);
        setHgap(8);
        setVgap(8);
        setPrefColumns(3);
        setMinHeight(USE_PREF_SIZE);
    }

    void clear() {
        values.clear();
        getChildren().clear();
    }

    /** @param help what the number means, for the tooltip */
    void add(String key, String name, String value, String help) {
        Label title = new Label(name);
        title.getStyleClass().add("fact-name");
        Label number = new Label(value);
        number.setId(id + "-" + key);
        number.getStyleClass().add("fact-value");
        number.setTooltip(new Tooltip(help));
        title.setTooltip(number.getTooltip());
        values.put(key, number);
        VBox fact = new VBox(title, number);
        fact.getStyleClass().add("fact");
        getChildren().add(fact);
    }
}
