package quantscope.app.control;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.scene.control.ToggleButton;
import org.controlsfx.control.SegmentedButton;

/**
 * One of a few values, side by side. It shows what it is told to show and tells what the user picks; a pick that is
 * not followed by {@link #show} of it falls back to what was shown.
 */
public final class Segments<T> extends SegmentedButton {

    private final Map<T, ToggleButton> buttons = new LinkedHashMap<>();
    private final Consumer<? super T> picked;

    /** @param id prefix of the buttons' ids, followed by - and the value */
    public Segments(String id, List<T> values, Function<? super T, String> name, Consumer<? super T> picked) {
        this.picked = picked;
        getStyleClass().add("segments");
        for (T value : values) {
            ToggleButton button = new ToggleButton(name.apply(value));
            button.setId(id + "-" + value);
            button.getStyleClass().add("small");
            button.setMinWidth(USE_PREF_SIZE);
            button.setOnAction(_ -> pick(value));
            buttons.put(value, button);
        }
        getButtons().setAll(buttons.values());
        setMinWidth(USE_PREF_SIZE);
    }

    private void pick(T value) {
        buttons.get(value).setSelected(true);
        picked.accept(value);
    }

    /** Shows a value without telling anybody. */
    public void show(T value) {
        buttons.forEach((v, button) -> button.setSelected(v.equals(value)));
    }

    /** Lets the user pick only some of the values. */
    public void allow(List<T> allowed) {
        buttons.forEach((v, button) -> button.setDisable(!allowed.contains(v)));
    }
}
