package quantscope.app.export;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javafx.beans.property.SimpleStringProperty;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.state.Runs;
import quantscope.app.task.TaskEntry;
import quantscope.app.task.TaskRunner;
import quantscope.app.task.Unit;
import quantscope.app.text.Texts;
import quantscope.compare.ImageAgreement;
import quantscope.compare.Verification;
import quantscope.figure.Formats;
import quantscope.quant.Profile;
import quantscope.session.CalibrationRun;
import quantscope.session.OpenModel;
import quantscope.session.Session;

/** Runs what would be exported in ONNX Runtime, and shows image by image whether its answer is the one shown here. */
final class VerifyPane extends VBox {

    private final Runs runs;
    private final Session session;
    private final TaskRunner tasks;
    private final Texts texts;
    private final Button verify = new Button();
    private final Label summary = new Label();
    private final Label hint = new Label();
    private final TableView<ImageAgreement> table = new TableView<>();
    private Optional<TaskEntry> verifying = Optional.empty();

    VerifyPane(Runs runs, Session session, TaskRunner tasks, Texts texts) {
        super(8);
        this.runs = runs;
        this.session = session;
        this.tasks = tasks;
        this.texts = texts;
        verify.setId("verify-export");
        verify.setText(texts.text("verify"));
        verify.setGraphic(new FontIcon(Feather.CHECK_CIRCLE));
        verify.getStyleClass().add("small");
        verify.setMinWidth(USE_PREF_SIZE);
        verify.setOnAction(_ -> runs.results().run().ifPresent(this::start));
        summary.setId("verify-summary");
        summary.setWrapText(true);
        summary.getStyleClass().add("verify-summary");
        hint.setWrapText(true);
        hint.setMinHeight(USE_PREF_SIZE);
        hint.getStyleClass().add("hint");
        table.setId("verify-table");
        table.getStyleClass().addAll("dense", "striped");
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        table.getColumns().setAll(List.of(column("image", ImageAgreement::path),
                column("here", i -> name(i.here())), column("there", i -> name(i.there())),
                column("difference", i -> Formats.brief(i.largestDifference()))));
        VBox.setVgrow(table, Priority.ALWAYS);
        HBox bar = new HBox(10, verify, summary);
        bar.setAlignment(Pos.CENTER_LEFT);
        getChildren().addAll(bar, hint, table);
        runs.results().runProperty().addListener((_, _, _) -> reset());
        reset();
    }

    private TableColumn<ImageAgreement, String> column(String key, Function<ImageAgreement, String> text) {
        TableColumn<ImageAgreement, String> column = new TableColumn<>(texts.text("verify." + key));
        column.setCellValueFactory(f -> new SimpleStringProperty(text.apply(f.getValue())));
        return column;
    }

    private String name(int index) {
        return runs.results().run().map(r -> r.job().model()).map((OpenModel m) -> m.className(index))
                .orElse(String.valueOf(index));
    }

    private void reset() {
        verifying.ifPresent(TaskEntry::cancel);
        summary.setText("");
        Profile profile = runs.results().run().map(r -> r.job().specification().profile()).orElse(Profile.ONNXRUNTIME);
        hint.setText(texts.text(profile.onnxRuntime() ? "verify.hint" : "verify.otherProfile"));
        show(List.of());
    }

    private void show(List<ImageAgreement> images) {
        // Those that disagree first.
        table.getItems().setAll(images.stream()
                .sorted(java.util.Comparator.comparing(ImageAgreement::agrees)).toList());
        table.setVisible(!images.isEmpty());
    }

    private void start(CalibrationRun run) {
        verify.setDisable(true);
        TaskEntry entry = tasks.run(texts.text("verify.task"), Unit.IMAGES, (progress, cancellation) ->
                session.verify(run, progress, cancellation), found -> {
                    if (runs.results().run().filter(r -> r == run).isPresent()) {
                        show(found);
                    }
                });
        verifying = Optional.of(entry);
        if (entry.endedProperty().get()) {
            verify.setDisable(false);
        } else {
            entry.endedProperty().addListener((_, _, _) -> verify.setDisable(false));
        }
    }

    private void show(Verification found) {
        summary.setText(texts.text("verify.found", found.agreeing(), found.images().size(), found.runtime(),
                Formats.brief(found.largestDifference())));
        show(found.images());
    }
}
