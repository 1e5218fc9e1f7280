package quantscope.app.main;

import javafx.animation.PauseTransition;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.util.Duration;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.task.Problem;
import quantscope.app.text.Texts;

/**
 * Says what happened in a row of its own that takes room only while it is shown, so it hides nothing. It goes by
 * itself when there was time to read it and the mouse is elsewhere, or with its cross.
 */
final class NoticeBar extends HBox {

    private static final PseudoClass NOTICE = PseudoClass.getPseudoClass("notice");
    private static final Duration SHORTEST = Duration.seconds(12);
    /** A slow reader's letters a second. */
    private static final double READING = 12;
    private static final double HIGHEST = 160;

    private final Texts texts = Texts.of("main");
    private final Label message = new Label();
    private final PauseTransition goes = new PauseTransition(SHORTEST);

    NoticeBar() {
        setId("notice");
        getStyleClass().add("notification-bar");
        setAlignment(Pos.CENTER_LEFT);
        message.setId("notice-message");
        message.setWrapText(true);
        message.setMaxSize(Double.MAX_VALUE, HIGHEST);
        HBox.setHgrow(message, Priority.ALWAYS);
        Button dismiss = new Button("", new FontIcon(Feather.X));
        dismiss.setId("notice-dismiss");
        dismiss.getStyleClass().addAll("button-icon", "flat", "small");
        dismiss.setMinWidth(USE_PREF_SIZE);
        dismiss.setTooltip(new Tooltip(texts.text("notice.dismiss")));
        dismiss.setOnAction(_ -> dismiss());
        getChildren().addAll(message, dismiss);
        managedProperty().bind(visibleProperty());
        setVisible(false);
        goes.setOnFinished(_ -> dismiss());
        hoverProperty().addListener((_, _, over) -> {
            if (over) {
                goes.pause();
            } else if (isVisible()) {
                goes.playFromStart();
            }
        });
    }

    void show(Problem problem) {
        String text = problem.expected() ? problem.title() + ": " + problem.message()
                : texts.text("bug", problem.title(), problem.message());
        message.setText(text);
        message.setTooltip(new Tooltip(text));
        message.getTooltip().setWrapText(true);
        message.getTooltip().setMaxWidth(700);
        message.setGraphic(new FontIcon(switch (problem.kind()) {
            case NOTICE -> Feather.INFO;
            case FAILURE -> Feather.ALERT_CIRCLE;
            case BUG -> Feather.ALERT_OCTAGON;
        }));
        pseudoClassStateChanged(NOTICE, problem.kind() == Problem.Kind.NOTICE);
        setVisible(true);
        Duration reading = Duration.seconds(text.length() / READING);
        goes.stop();
        goes.setDuration(reading.greaterThan(SHORTEST) ? reading : SHORTEST);
        if (!isHover()) {
            goes.playFromStart();
        }
    }

    private void dismiss() {
        goes.stop();
        setVisible(false);
    }
}
