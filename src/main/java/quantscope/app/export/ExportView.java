package quantscope.app.export;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.control.EmptyState;
import quantscope.app.control.FileDialogs;
import quantscope.app.control.OtherModelQuestion;
import quantscope.app.state.Readiness;
import quantscope.app.state.Runs;
import quantscope.app.task.TaskEntry;
import quantscope.app.task.TaskRunner;
import quantscope.app.task.Unit;
import quantscope.app.text.Texts;
import quantscope.compare.Comparison;
import quantscope.export.Exporter;
import quantscope.session.CalibrationRun;
import quantscope.session.Session;

/** Formats to take the calibrated configuration away in, what would be written, and the way back in. */
public final class ExportView extends BorderPane {

    /** The exporter whose files ONNX Runtime runs. */
    private static final String VERIFIABLE = "onnx";

    private final Runs runs;
    private final Session session;
    private final TaskRunner tasks;
    private final FileDialogs dialogs;
    private final Texts texts = Texts.of("export");
    private final FormatChoice formats;
    private final TextArea text = new TextArea();
    private final Label files = styled("export-files", "hint");
    private final Label elsewhere = styled("export-elsewhere", "hint");
    private final Label saved = styled("export-saved", "saved");
    private final HBox stale;
    private final VBox page;
    private final VerifyPane verify;
    private final EmptyState before;
    private Exporter exporter;
    private Optional<TaskEntry> making = Optional.empty();

    public ExportView(Runs runs, Session session, TaskRunner tasks, FileDialogs dialogs) {
        this.runs = runs;
        this.session = session;
        this.tasks = tasks;
        this.dialogs = dialogs;
        getStyleClass().add("export");
        List<Exporter> exporters = session.exporters();
        exporter = exporters.getFirst();
        formats = new FormatChoice(exporters, this::pick);
        formats.show(exporter);
        text.setId("export-text");
        text.setEditable(false);
        text.getStyleClass().add("preview");
        text.setAccessibleText(texts.text("preview"));
        VBox.setVgrow(text, Priority.ALWAYS);
        stale = stale();
        verify = new VerifyPane(runs, session, tasks, texts);
        VBox.setVgrow(verify, Priority.ALWAYS);
        elsewhere.setWrapText(true);
        elsewhere.setMinHeight(USE_PREF_SIZE);
        page = new VBox(8, bar(), stale, elsewhere, files, text, verify, saved);
        page.getStyleClass().add("page");
        before = new EmptyState(Feather.SHARE, texts.text("before.title"), texts.text("before.hint"),
                openButton("open-configuration-empty"));
        runs.results().comparisonProperty().addListener((_, _, _) -> show());
        runs.results().runProperty().addListener((_, _, run) -> {
            if (run.isEmpty()) {
                show();
            }
        });
        show();
    }

    private FlowPane bar() {
        Button save = new Button(texts.text("save"), new FontIcon(Feather.DOWNLOAD));
        save.setId("save-export");
        save.getStyleClass().addAll("small", "accent");
        save.setOnAction(_ -> runs.results().run().ifPresent(this::save));
        FlowPane actions = new FlowPane(8, 8, save, reportButton(), openButton("open-configuration-panel"));
        FlowPane bar = new FlowPane(12, 8, formats, actions);
        bar.setRowValignment(javafx.geometry.VPos.CENTER);
        formats.prefWrapLengthProperty().bind(bar.widthProperty());
        return bar;
    }

    private Button reportButton() {
        Button report = new Button(texts.text("report"), new FontIcon(Feather.FILE_TEXT));
        report.setId("save-report");
        report.getStyleClass().add("small");
        report.setTooltip(new Tooltip(texts.text("report.hint")));
        report.disableProperty().bind(runs.results().comparisonProperty().map(Optional::isEmpty));
        report.setOnAction(_ -> runs.results().run().ifPresent(run -> runs.results().comparison().ifPresent(comparison ->
                dialogs.save(texts.text("report.title"), Preview.stem(run) + "-report.html", ".html").ifPresent(file ->
                        report(run, comparison, file)))));
        return report;
    }

    private void report(CalibrationRun run, Comparison comparison, Path file) {
        saved.setText("");
        tasks.run(texts.text("report.title"), Unit.IMAGES, (progress, cancellation) -> {
            session.report(run, comparison, file, progress, cancellation);
            return file;
        }, written -> saved.setText(texts.text("saved", written)));
    }

    private Button openButton(String id) {
        Button open = new Button(texts.text("open"), new FontIcon(Feather.FOLDER));
        open.setId(id);
        open.getStyleClass().add("small");
        open.setOnAction(_ -> dialogs.open(texts.text("open.title"), texts.text("open.kind"), ".json")
                .ifPresent(file -> runs.openConfiguration(file, new OtherModelQuestion(dialogs))));
        return open;
    }

    private HBox stale() {
        Label says = new Label(texts.text("stale"), new FontIcon(Feather.ALERT_CIRCLE));
        says.setWrapText(true);
        says.setMinHeight(USE_PREF_SIZE);
        HBox.setHgrow(says, Priority.ALWAYS);
        says.setMaxWidth(Double.MAX_VALUE);
        Button again = new Button(texts.text("stale.again"));
        again.setId("calibrate-before-export");
        again.getStyleClass().add("small");
        again.setMinWidth(USE_PREF_SIZE);
        again.disableProperty().bind(runs.readinessProperty().map(r -> r != Readiness.READY));
        again.setOnAction(_ -> runs.calibrateAndCompare());
        HBox bar = new HBox(10, says, again);
        bar.setId("export-stale");
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("stale");
        bar.visibleProperty().bind(runs.results().staleProperty());
        bar.managedProperty().bind(bar.visibleProperty());
        return bar;
    }

    private void pick(Exporter picked) {
        exporter = picked;
        formats.show(picked);
        show();
    }

    private void show() {
        Optional<CalibrationRun> run = runs.results().run();
        setCenter(run.isPresent() ? page : before);
        boolean runnable = exporter.id().equals(VERIFIABLE);
        verify.setVisible(runnable);
        verify.setManaged(runnable);
        // Of the one that can be verified, the pane beside it says so.
        boolean other = !runnable && run.isPresent() && !exporter.computesAs(run.get().job().specification().profile());
        elsewhere.setText(other ? texts.text("elsewhere", run.get().job().specification().profile().id()) : "");
        text.setVisible(!runnable);
        text.setManaged(!runnable);
        saved.setText("");
        making.ifPresent(TaskEntry::cancel);
        run.ifPresent(r -> {
            Optional<Comparison> comparison = runs.results().comparison();
            Exporter of = exporter;
            text.clear();
            files.setText(texts.text("making"));
            making = Optional.of(tasks.quietly(texts.text("preview"),
                    (_, _) -> Preview.of(session, r, comparison, of), this::show));
            // What cannot be written is said in a notification.
            making.get().endedProperty().addListener((_, _, _) -> {
                if (files.getText().equals(texts.text("making"))) {
                    files.setText("");
                }
            });
        });
    }

    private void show(Preview preview) {
        files.setText(texts.text("files", preview.files().stream()
                .map(f -> texts.text("file", f.name(), f.size())).collect(Collectors.joining(", "))));
        text.setText(preview.text().orElse(texts.text("binary"))
                + (preview.whole() || preview.text().isEmpty() ? "" : "\n" + texts.text("cut")));
        text.setScrollTop(0);
    }

    private void save(CalibrationRun run) {
        Exporter of = exporter;
        Optional<Comparison> comparison = runs.results().comparison();
        dialogs.save(texts.text("save.title", of.title()), Preview.name(run, of), of.extension()).ifPresent(file ->
                tasks.run(texts.text("save.title", of.title()), Unit.STEPS,
                        (_, _) -> session.export(run, comparison, of, file), written ->
                        saved.setText(texts.text("saved", written.stream().map(Path::toString)
                                .collect(Collectors.joining(", "))))));
    }

    private static Label styled(String id, String style) {
        Label label = new Label();
        label.setId(id);
        label.getStyleClass().add(style);
        label.setWrapText(true);
        label.setMinHeight(USE_PREF_SIZE);
        label.managedProperty().bind(label.textProperty().isNotEmpty());
        return label;
    }
}
