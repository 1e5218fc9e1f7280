package quantscope.app.main;

import java.util.List;
import java.util.Optional;
import javafx.beans.Observable;
import javafx.collections.ListChangeListener;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.controlsfx.control.PopOver;
import org.controlsfx.control.StatusBar;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.state.Runs;
import quantscope.app.state.Workspace;
import quantscope.app.task.TaskEntry;
import quantscope.app.task.TaskRunner;
import quantscope.app.task.Unit;
import quantscope.app.text.Texts;
import quantscope.figure.Formats;
import quantscope.graph.Cost;
import quantscope.session.OpenModel;
import quantscope.session.SelfCheck;

/** The bottom line: the model, what runs and how fast, the self-check, what computes. */
final class StatusLine extends StatusBar {

    private final Workspace workspace;
    private final Runs runs;
    private final TaskRunner tasks;
    private final Texts texts = Texts.of("main");
    private final HBox running = new HBox(8);
    private final Button check = new Button();

    StatusLine(Workspace workspace, Runs runs, TaskRunner tasks) {
        this.workspace = workspace;
        this.runs = runs;
        this.tasks = tasks;
        setId("status");
        textProperty().bind(workspace.modelProperty().map(m -> m.map(this::about).orElse(texts.text("status.none"))));
        running.setAlignment(Pos.CENTER_RIGHT);
        running.setId("status-task");
        check.setId("self-check");
        check.setMinWidth(Region.USE_PREF_SIZE);
        check.getStyleClass().addAll("flat", "small", "status-button");
        check.setOnAction(_ -> runs.startSelfCheck());
        Label engine = new Label(workspace.engine(), new FontIcon(Feather.CPU));
        engine.getStyleClass().add("status-engine");
        engine.setMinWidth(Region.USE_PREF_SIZE);
        engine.setTooltip(new Tooltip(texts.text("status.engine")));
        Label notes = new Label("", new FontIcon(Feather.INFO));
        notes.setId("model-notes");
        notes.visibleProperty().bind(notes.textProperty().isNotEmpty());
        workspace.modelProperty().addListener((_, _, now) -> showNotes(notes, now));
        getLeftItems().add(notes);
        getRightItems().addAll(running, check, engine);
        tasks.tasks().addListener((ListChangeListener<TaskEntry>) _ -> showTasks());
        for (Observable o : new Observable[] {runs.selfCheckProperty(), runs.checkingProperty(),
                workspace.imagesProperty(), workspace.modelProperty()}) {
            o.addListener(_ -> showCheck());
        }
        showTasks();
        showCheck();
    }

    private String about(OpenModel model) {
        long parameters = model.model().graph().layers().stream().mapToLong(n -> Cost.of(n).parameters()).sum();
        long macs = model.model().graph().layers().stream().mapToLong(n -> Cost.of(n).macs()).sum();
        return texts.text("status.model", model.model().file().getFileName(), model.model().format(),
                model.model().graph().layers().size(), Formats.count(parameters), Formats.count(macs));
    }

    private void showNotes(Label label, Optional<OpenModel> model) {
        List<String> notes = model.map(m -> m.model().notes()).orElse(List.of());
        label.setText(notes.isEmpty() ? "" : texts.text("notes", notes.size()));
        label.setTooltip(notes.isEmpty() ? null : new Tooltip(String.join("\n", notes)));
    }

    private void showTasks() {
        running.getChildren().clear();
        if (tasks.tasks().isEmpty()) {
            return;
        }
        running.getChildren().add(row(tasks.tasks().getFirst()));
        if (tasks.tasks().size() > 1) {
            Button more = new Button(texts.text("status.more", tasks.tasks().size() - 1));
            more.getStyleClass().addAll("flat", "small", "status-button");
            more.setOnAction(_ -> list().show(more));
            running.getChildren().add(more);
        }
    }

    private PopOver list() {
        VBox rows = new VBox(6);
        rows.getStyleClass().add("task-list");
        tasks.tasks().forEach(t -> rows.getChildren().add(row(t)));
        PopOver popOver = new PopOver(rows);
        popOver.setArrowLocation(PopOver.ArrowLocation.BOTTOM_CENTER);
        popOver.setDetachable(false);
        return popOver;
    }

    private HBox row(TaskEntry task) {
        Label text = new Label();
        text.textProperty().bind(task.stateProperty().map(s -> progress(task, s)));
        text.setMinWidth(Region.USE_PREF_SIZE);
        ProgressBar bar = new ProgressBar();
        bar.getStyleClass().add("small");
        bar.progressProperty().bind(task.fractionProperty());
        Button cancel = new Button("", new FontIcon(Feather.X));
        cancel.setId("cancel-task");
        cancel.setMinWidth(Region.USE_PREF_SIZE);
        cancel.getStyleClass().addAll("button-icon", "flat", "small", "status-button");
        cancel.setTooltip(new Tooltip(texts.text("status.cancel")));
        cancel.setOnAction(_ -> task.cancel());
        HBox row = new HBox(8, text, bar, cancel);
        row.setAlignment(Pos.CENTER_RIGHT);
        return row;
    }

    private String progress(TaskEntry task, TaskEntry.State s) {
        String what = s.what().isEmpty() ? task.title() : s.what();
        if (task.unit() == Unit.STEPS || s.total() == 0) {
            return what;
        }
        String count = texts.text("status.count", what, s.done(), s.total());
        return s.remaining() < 0 ? count : texts.text("status.rate", count,
                Math.round(s.perSecond()), Formats.duration(s.remaining()));
    }

    private void showCheck() {
        boolean busy = runs.checkingProperty().get().isPresent();
        check.setDisable(busy || workspace.job().isEmpty());
        check.getStyleClass().removeAll("success");
        if (busy) {
            check.setText(texts.text("check.running"));
            check.setGraphic(new FontIcon(Feather.LOADER));
            check.setTooltip(new Tooltip(texts.text("check.running")));
        } else {
            runs.selfCheck().ifPresentOrElse(this::showCheck, () -> {
                check.setText(texts.text("check.none"));
                check.setGraphic(new FontIcon(Feather.SHIELD));
                check.setTooltip(new Tooltip(texts.text("check.none.tip")));
            });
        }
    }

    private void showCheck(SelfCheck found) {
        check.getStyleClass().add("success");
        check.setText(texts.text("check.found", Formats.number(found.largestDifference())));
        check.setGraphic(new FontIcon(Feather.CHECK_CIRCLE));
        check.setTooltip(new Tooltip(texts.text("check.found.tip", found.reference(),
                Formats.number(found.largestDifference()), Formats.number(found.relative()), found.layer(),
                found.images())));
    }
}
