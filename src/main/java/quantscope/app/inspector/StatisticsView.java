package quantscope.app.inspector;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.control.FileDialogs;
import quantscope.app.state.Runs;
import quantscope.app.state.Workspace;
import quantscope.app.task.TaskRunner;
import quantscope.app.task.Unit;
import quantscope.app.text.Texts;
import quantscope.figure.Formats;
import quantscope.session.CalibrationRun;
import quantscope.session.NamedStatistics;
import quantscope.session.Session;

/** Moments of the selected layer's tensors over a calibration batch, on demand, and the tensors as NumPy files. */
public final class StatisticsView extends VBox {

    private final Workspace workspace;
    private final Runs runs;
    private final TaskRunner tasks;
    private final FileDialogs dialogs;
    private final Session session;
    private final Texts texts = Texts.of("inspector");
    private final Label title = new Label();
    private final TableView<NamedStatistics> table = new TableView<>();

    public StatisticsView(Workspace workspace, Runs runs, TaskRunner tasks, FileDialogs dialogs, Session session) {
        this.workspace = workspace;
        this.runs = runs;
        this.tasks = tasks;
        this.dialogs = dialogs;
        this.session = session;
        setId("inspector-statistics");
        getStyleClass().add("inspector");
        title.getStyleClass().add("inspector-title");
        title.setId("statistics-title");
        Label hint = new Label(texts.text("statistics.hint"));
        hint.getStyleClass().add("hint");
        hint.setWrapText(true);
        table.setId("statistics-table");
        table.setPlaceholder(new Label(texts.text("statistics.none")));
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        column("tensor", 130, NamedStatistics::tensor);
        column("mean", 80, s -> Formats.number(s.mean()));
        column("std", 80, s -> Formats.number(s.std()));
        column("min", 80, s -> Formats.number(s.min()));
        column("max", 80, s -> Formats.number(s.max()));
        column("absMean", 80, s -> Formats.number(s.absMean()));
        column("zeros", 70, s -> String.format(Locale.ROOT, "%.2f %%", 100 * s.zeros()));
        column("elements", 80, s -> Formats.count(s.elements()));
        VBox.setVgrow(table, Priority.ALWAYS);
        Button compute = button("statistics-compute", "statistics.compute", Feather.ACTIVITY, this::compute);
        Button save = button("statistics-save", "statistics.save", Feather.DOWNLOAD, this::save);
        HBox buttons = new HBox(8, compute, save);
        getChildren().addAll(title, hint, buttons, table);
        workspace.selectedLayerProperty().addListener((_, _, _) -> reset());
        runs.results().runProperty().addListener((_, _, _) -> reset());
        compute.disableProperty().bind(runs.results().runProperty().map(Optional::isEmpty));
        save.disableProperty().bind(compute.disableProperty());
        reset();
    }

    private void column(String key, double width, Function<NamedStatistics, String> value) {
        TableColumn<NamedStatistics, String> column = new TableColumn<>(texts.text("statistics." + key));
        column.setCellValueFactory(row -> new ReadOnlyStringWrapper(value.apply(row.getValue())));
        column.setPrefWidth(width);
        column.setSortable(false);
        table.getColumns().add(column);
    }

    private Button button(String id, String key, Feather icon, Runnable action) {
        Button button = new Button(texts.text(key), new FontIcon(icon));
        button.setId(id);
        button.getStyleClass().add("small");
        button.setOnAction(_ -> action.run());
        return button;
    }

    private void reset() {
        table.getItems().clear();
        title.setText(layer().map(l -> texts.text("title.STATISTICS", l)).orElse(""));
    }

    /** The selected layer of the run that is shown; a stub has no statistics of its own. */
    private Optional<String> layer() {
        return workspace.selectedLayer().filter(l -> runs.results().run().map(CalibrationRun::prepared)
                .filter(p -> p.precisions().containsKey(l)).isPresent());
    }

    private void compute() {
        layer().ifPresent(layer -> {
            CalibrationRun run = runs.results().run().orElseThrow();
            tasks.run(texts.text("statistics.task", layer), Unit.IMAGES, (progress, cancellation) ->
                    session.statistics(run, layer, progress, cancellation), found -> show(layer, found));
        });
    }

    private void show(String layer, List<NamedStatistics> found) {
        if (layer().filter(layer::equals).isPresent()) {
            table.getItems().setAll(found);
        }
    }

    private void save() {
        layer().ifPresent(layer -> dialogs.save(texts.text("statistics.save"), layer.replace('/', '_') + ".npz", ".npz")
                .ifPresent(file -> {
                    CalibrationRun run = runs.results().run().orElseThrow();
                    tasks.run(texts.text("statistics.saveTask", layer), Unit.IMAGES, (progress, cancellation) -> {
                        session.saveTensors(run, layer, file, progress, cancellation);
                        return file;
                    }, _ -> { });
                }));
    }
}
