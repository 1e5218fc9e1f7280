package quantscope.app.layers;

import java.util.List;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import quantscope.app.control.Segments;
import quantscope.app.text.Texts;
import quantscope.quant.ObserverKind;
import quantscope.quant.ObserverSpec;
import quantscope.quant.QScheme;

/** Edits one observer: its class, granularity, symmetry and range. */
final class ObserverEditor extends VBox {

    private enum Granularity { TENSOR, CHANNEL }

    private enum Symmetry { AFFINE, SYMMETRIC }

    private final Texts texts = Texts.of("layers");
    private final Consumer<ObserverSpec> changed;
    private final List<ObserverKind> kinds;
    private final MenuButton kind = new MenuButton();
    private final Segments<Granularity> granularity;
    private final Segments<Symmetry> symmetry;
    private final CheckBox reduced = new CheckBox();
    private ObserverSpec shown = ObserverSpec.HISTOGRAM_REDUCED;

    ObserverEditor(String id, String title, List<ObserverKind> kinds, Consumer<ObserverSpec> changed) {
        this.changed = changed;
        this.kinds = List.copyOf(kinds);
        getStyleClass().add("observer-editor");
        kind.setId(id + "-kind");
        kind.getStyleClass().add("small");
        granularity = new Segments<>(id + "-granularity", List.of(Granularity.values()),
                g -> texts.text("granularity." + g), this::regrain);
        symmetry = new Segments<>(id + "-symmetry", List.of(Symmetry.values()),
                s -> texts.text("symmetry." + s), this::resym);
        reduced.setId(id + "-reduced");
        reduced.setText(texts.text("reduced"));
        reduced.setTooltip(new Tooltip(texts.text("reduced.hint")));
        reduced.setOnAction(_ -> {
            boolean wanted = reduced.isSelected();
            reduced.setSelected(shown.reduceRange());
            tell(shown.kind(), shown.scheme(), wanted);
        });
        Label heading = new Label(title);
        heading.getStyleClass().add("field-label");
        HBox first = new HBox(8, heading, kind);
        first.setAlignment(Pos.CENTER_LEFT);
        FlowPane second = new FlowPane(8, 6);
        second.setAlignment(Pos.CENTER_LEFT);
        if (kinds.stream().anyMatch(ObserverKind::perChannel)) {
            second.getChildren().add(granularity);
        }
        second.getChildren().addAll(symmetry, reduced);
        second.getStyleClass().add("observer-options");
        getChildren().addAll(first, second);
    }

    void show(ObserverSpec spec) {
        shown = spec;
        kind.setText(spec.kind().torchName());
        kind.getItems().setAll(kinds.stream().map(this::kindItem).toList());
        granularity.show(spec.scheme().perChannel() ? Granularity.CHANNEL : Granularity.TENSOR);
        symmetry.show(spec.scheme().symmetric() ? Symmetry.SYMMETRIC : Symmetry.AFFINE);
        reduced.setSelected(spec.reduceRange());
    }

    private MenuItem kindItem(ObserverKind k) {
        MenuItem item = new MenuItem(k.torchName());
        item.setOnAction(_ -> tell(k, QScheme.of(k.perChannel(), shown.scheme().symmetric()), shown.reduceRange()));
        return item;
    }

    private void regrain(Granularity wanted) {
        boolean perChannel = wanted == Granularity.CHANNEL;
        ObserverKind next = switch (shown.kind()) {
            case MIN_MAX, PER_CHANNEL_MIN_MAX, HISTOGRAM ->
                    perChannel ? ObserverKind.PER_CHANNEL_MIN_MAX
                            : shown.kind() == ObserverKind.HISTOGRAM ? ObserverKind.HISTOGRAM : ObserverKind.MIN_MAX;
            case MOVING_AVERAGE_MIN_MAX, MOVING_AVERAGE_PER_CHANNEL_MIN_MAX ->
                    perChannel ? ObserverKind.MOVING_AVERAGE_PER_CHANNEL_MIN_MAX : ObserverKind.MOVING_AVERAGE_MIN_MAX;
        };
        tell(next, QScheme.of(perChannel, shown.scheme().symmetric()), shown.reduceRange());
    }

    private void resym(Symmetry wanted) {
        tell(shown.kind(), QScheme.of(shown.scheme().perChannel(), wanted == Symmetry.SYMMETRIC), shown.reduceRange());
    }

    private void tell(ObserverKind nextKind, QScheme scheme, boolean reduceRange) {
        ObserverSpec next = new ObserverSpec(nextKind, shown.dtype(), scheme, reduceRange);
        show(shown);
        if (!next.equals(shown)) {
            changed.accept(next);
        }
    }
}
