package quantscope.app.graphview;

import java.util.function.Consumer;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.text.Texts;
import quantscope.figure.Card;
import quantscope.figure.Formats;

/** One card of the graph. It shows a {@link Card} and tells of clicks; it decides nothing. */
final class CardView extends StackPane {

    private static final PseudoClass SELECTED = PseudoClass.getPseudoClass("selected");

    /** What a card tells. */
    interface Listener {
        void selected(String node);

        void toggled(String node);

        void obstaclesAsked(Card card, Node anchor);
    }

    /** Pixels that a letter of a small card's name takes about. */
    private static final double LETTER = 7.2;

    private final Card card;

    CardView(Card card, Listener listener, Texts texts) {
        this.card = card;
        setId("card-" + card.name());
        getStyleClass().addAll("graph-card", "precision-" + card.precision().label(),
                "form-" + card.form().name().toLowerCase(java.util.Locale.ROOT));
        setPrefSize(card.form().width(), card.form().height());
        setMinSize(USE_PREF_SIZE, USE_PREF_SIZE);
        setMaxSize(USE_PREF_SIZE, USE_PREF_SIZE);
        setAccessibleText(card.name() + ", " + card.kind() + ", " + card.precision().label());
        getChildren().add(content(listener, texts));
        setOnMousePressed(e -> {
            if (e.isPrimaryButtonDown()) {
                listener.selected(card.name());
            }
        });
    }

    Card card() {
        return card;
    }

    void setSelected(boolean selected) {
        pseudoClassStateChanged(SELECTED, selected);
    }

    private Node content(Listener listener, Texts texts) {
        return switch (card.form()) {
            case STUB, SOURCE -> pill();
            case FUSED -> fused(texts);
            case LAYER, SMALL -> layer(listener, texts);
        };
    }

    private Node pill() {
        Label name = label(card.form() == Card.Form.STUB ? card.kind() : card.name(), "card-name");
        Label detail = label(card.form() == Card.Form.STUB ? "" : card.shape(), "card-detail");
        HBox box = new HBox(6, name, detail);
        box.setAlignment(Pos.CENTER);
        Tooltip.install(this, new Tooltip(card.name() + ": " + card.kind()));
        return box;
    }

    private Node fused(Texts texts) {
        FontIcon icon = new FontIcon(Feather.LINK_2);
        Label name = label(card.name(), "card-name");
        name.setTextOverrun(OverrunStyle.CENTER_ELLIPSIS);
        String layer = card.fusedInto().orElseThrow();
        Label into = label(texts.text("card.fused", withinModule(layer)), "card-detail");
        // The name is what is looked for: it keeps its place, and the rest goes where there is none.
        into.setMinWidth(0);
        name.setMinWidth(Math.min(name.getText().length() * LETTER, card.form().width() - 40));
        HBox box = new HBox(6, icon, name, into);
        box.setAlignment(Pos.CENTER);
        Tooltip.install(this, new Tooltip(card.name() + ": " + texts.text("card.fused", layer)));
        return box;
    }

    /** A layer's name without the path that it shares with this card's. */
    private String withinModule(String layer) {
        int path = layer.lastIndexOf('.') + 1;
        return card.name().startsWith(layer.substring(0, path)) ? layer.substring(path) : layer;
    }

    private Node layer(Listener listener, Texts texts) {
        Region strip = new Region();
        strip.getStyleClass().add("card-strip");
        strip.setMinWidth(5);
        HBox first = new HBox(7);
        first.setAlignment(Pos.CENTER_LEFT);
        if (card.tick() != Card.Tick.NONE) {
            first.getChildren().add(tickBox(listener, texts));
        }
        Label name = label(card.name(), "card-name");
        name.setTextOverrun(OverrunStyle.CENTER_ELLIPSIS);
        name.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(name, Priority.ALWAYS);
        first.getChildren().add(name);
        if (!card.obstacles().isEmpty()) {
            first.getChildren().add(badge(listener, texts));
        }
        Label precision = label(card.precision().label(), "card-precision");
        precision.setMinWidth(USE_PREF_SIZE);
        first.getChildren().add(precision);
        Label detail = label(card.kind() + "  ·  " + card.shape(), "card-detail");
        VBox lines = new VBox(1, first, detail);
        card.cost().ifPresent(cost -> lines.getChildren().add(label(texts.text("card.cost",
                Formats.count(cost.parameters()), Formats.count(cost.macs())), "card-detail")));
        lines.setAlignment(Pos.CENTER_LEFT);
        lines.getStyleClass().add("card-lines");
        HBox.setHgrow(lines, Priority.ALWAYS);
        return new HBox(strip, lines);
    }

    private CheckBox tickBox(Listener listener, Texts texts) {
        CheckBox box = new CheckBox();
        box.setId("tick-" + card.name());
        box.setFocusTraversable(false);
        box.setSelected(card.tick() == Card.Tick.ON);
        box.setDisable(card.tick() == Card.Tick.BLOCKED);
        box.setTooltip(new Tooltip(texts.text("card.tick")));
        // The choice decides what is shown: the box itself changes only when a new drawing arrives.
        Consumer<String> toggle = listener::toggled;
        box.setOnAction(_ -> {
            box.setSelected(card.tick() == Card.Tick.ON);
            toggle.accept(card.name());
        });
        return box;
    }

    private Node badge(Listener listener, Texts texts) {
        Label badge = new Label(card.obstacles().size() > 1 ? Integer.toString(card.obstacles().size()) : "",
                new FontIcon(card.blocked() ? Feather.ALERT_TRIANGLE : Feather.INFO));
        badge.setId("badge-" + card.name());
        badge.getStyleClass().addAll("card-badge", card.blocked() ? "blocking" : "advice");
        badge.setMinWidth(USE_PREF_SIZE);
        badge.setTooltip(new Tooltip(texts.text("card.obstacles", card.obstacles().size())));
        badge.setOnMouseClicked(e -> {
            listener.obstaclesAsked(card, badge);
            e.consume();
        });
        return badge;
    }

    private static Label label(String text, String style) {
        Label label = new Label(text);
        label.getStyleClass().add(style);
        return label;
    }
}
