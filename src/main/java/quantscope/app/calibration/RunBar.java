package quantscope.app.calibration;

import java.util.Optional;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.state.Readiness;
import quantscope.app.state.Runs;
import quantscope.app.task.TaskEntry;
import quantscope.app.text.Texts;

/** The button that does it all, why it cannot be pressed, how far it is, and the way to call it off. */
final class RunBar extends VBox {

    private static final PseudoClass STALE = PseudoClass.getPseudoClass("stale");

    private final Runs runs;
    private final Texts texts;
    private final ProgressText words;
    private final Button start;
    private final Label state = new Label();
    private final ProgressBar bar = new ProgressBar();
    private final Label progress = new Label();
    private final HBox idle;
    private final VBox busy;

    RunBar(Runs runs, Texts texts) {
        this.runs = runs;
        this.texts = texts;
        this.words = new ProgressText(texts);
        getStyleClass().add("run-bar");
        start = new Button(texts.text("run"), new FontIcon(Feather.PLAY));
        start.setId("panel-calibrate");
        start.getStyleClass().add("accent");
        start.setMinWidth(USE_PREF_SIZE);
        start.setTooltip(new Tooltip(texts.text("run.hint")));
        start.setOnAction(_ -> runs.calibrateAndCompare());
        state.setId("calibration-readiness");
        state.setWrapText(true);
        state.setMaxWidth(Double.MAX_VALUE);
        state.getStyleClass().add("readiness");
        HBox.setHgrow(state, Priority.ALWAYS);
        idle = new HBox(10, start, state);
        idle.setAlignment(Pos.CENTER_LEFT);
        busy = busy();
        getChildren().add(new StackPane(idle, busy));
        runs.readinessProperty().addListener((_, _, _) -> show());
        runs.results().runProperty().addListener((_, _, _) -> show());
        runs.results().staleProperty().addListener((_, _, _) -> show());
        runs.calibratingProperty().addListener((_, _, entry) -> follow(entry));
        follow(runs.calibratingProperty().get());
        show();
    }

    private VBox busy() {
        Button cancel = new Button(texts.text("run.cancel"));
        cancel.setId("cancel-calibration");
        cancel.getStyleClass().add("small");
        cancel.setMinWidth(USE_PREF_SIZE);
        cancel.setOnAction(_ -> runs.calibratingProperty().get().ifPresent(TaskEntry::cancel));
        bar.setId("calibration-bar");
        bar.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(bar, Priority.ALWAYS);
        progress.setId("calibration-progress");
        progress.getStyleClass().add("hint");
        HBox row = new HBox(10, bar, cancel);
        row.setAlignment(Pos.CENTER_LEFT);
        return new VBox(2, row, progress);
    }

    private void follow(Optional<TaskEntry> entry) {
        idle.setVisible(entry.isEmpty());
        busy.setVisible(entry.isPresent());
        bar.progressProperty().unbind();
        entry.ifPresent(e -> {
            bar.progressProperty().bind(e.fractionProperty());
            e.stateProperty().addListener((_, _, now) -> progress.setText(words.of(now)));
            progress.setText(words.of(e.stateProperty().get()));
        });
    }

    private void show() {
        Readiness readiness = runs.readiness();
        start.setDisable(readiness != Readiness.READY);
        state.setText(texts.text(readiness != Readiness.READY ? "readiness." + readiness
                : runs.results().run().isEmpty() ? "readiness.READY"
                : runs.results().stale() ? "results.stale" : "results.fresh"));
        state.pseudoClassStateChanged(STALE, runs.results().stale());
    }
}
