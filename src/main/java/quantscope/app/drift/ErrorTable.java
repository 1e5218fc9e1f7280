package quantscope.app.drift;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import javafx.beans.property.SimpleObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.control.FileDialogs;
import quantscope.app.state.Runs;
import quantscope.app.state.Workspace;
import quantscope.app.task.TaskRunner;
import quantscope.app.text.Texts;
import quantscope.export.AtomicFile;
import quantscope.figure.Formats;

/** How far each layer's output is from fp32; picking a row selects the layer everywhere. */
final class ErrorTable extends BorderPane {

    private final Runs runs;
    private final TaskRunner tasks;
    private final FileDialogs dialogs;
    private final Texts texts;
    private final TableView<LayerErrorRow> table = new TableView<>();
    private final TableColumn<LayerErrorRow, Double> flips;

    ErrorTable(Workspace workspace, Runs runs, TaskRunner tasks, FileDialogs dialogs, Texts texts) {
        this.runs = runs;
        this.tasks = tasks;
        this.dialogs = dialogs;
        this.texts = texts;
        getStyleClass().add("error-table");
        table.setId("layer-errors");
        table.getStyleClass().addAll("dense", "striped");
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        flips = number("flips", 56, r -> r.signFlips().orElse(Double.NaN), Formats::percent);
        TableColumn<LayerErrorRow, String> layer = column("layer", 84, LayerErrorRow::layer);
        layer.setMinWidth(56);
        layer.setCellFactory(_ -> new NameCell());
        TableColumn<LayerErrorRow, LayerErrorRow> sqnr = column("sqnr", 88, Function.identity());
        sqnr.setMinWidth(74);
        sqnr.setCellFactory(_ -> new SqnrCell());
        sqnr.setComparator(java.util.Comparator.comparingDouble(r -> r.metrics().sqnrDb()));
        table.getColumns().setAll(List.of(layer, sqnr,
                number("cosine", 68, r -> r.metrics().cosine(), c -> String.format(java.util.Locale.ROOT, "%.4f", c)),
                number("mse", 68, r -> r.metrics().mse(), Formats::brief),
                number("maxError", 60, r -> r.metrics().maxError(), Formats::brief), flips));
        table.getSelectionModel().selectedItemProperty().addListener((_, _, row) -> {
            if (row != null) {
                workspace.select(row.layer());
            }
        });
        setTop(bar());
        setCenter(table);
        runs.results().comparisonProperty().addListener((_, _, _) -> show());
        show();
    }

    private HBox bar() {
        Label title = new Label(texts.text("errors"));
        title.getStyleClass().add("table-title");
        title.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(title, Priority.ALWAYS);
        Button save = new Button("", new FontIcon(Feather.DOWNLOAD));
        save.setId("save-errors");
        save.getStyleClass().addAll("small", "button-icon", "flat");
        save.setTooltip(new Tooltip(texts.text("errors.csv")));
        save.setAccessibleText(texts.text("errors.csv"));
        save.setOnAction(_ -> save());
        HBox bar = new HBox(6, title, save);
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("gallery-bar");
        return bar;
    }

    private void show() {
        List<LayerErrorRow> rows = runs.results().comparison().map(LayerErrorRow::of).orElse(List.of());
        table.getItems().setAll(rows);
        flips.setVisible(rows.stream().anyMatch(r -> r.signFlips().isPresent()));
    }

    private <T> TableColumn<LayerErrorRow, T> column(String key, double width, Function<LayerErrorRow, T> value) {
        TableColumn<LayerErrorRow, T> column = new TableColumn<>();
        Label head = new Label(texts.text("errors." + key));
        head.setTooltip(new Tooltip(texts.text("errors." + key + ".hint")));
        column.setGraphic(head);
        column.setId("errors-" + key);
        column.setPrefWidth(width);
        column.setMinWidth(width);
        column.setCellValueFactory(f -> new SimpleObjectProperty<>(value.apply(f.getValue())));
        return column;
    }

    private TableColumn<LayerErrorRow, Double> number(String key, double width, Function<LayerErrorRow, Double> value,
                                                      Function<Double, String> text) {
        TableColumn<LayerErrorRow, Double> column = column(key, width, value);
        column.setCellFactory(_ -> new TableCell<>() {
            @Override
            protected void updateItem(Double item, boolean empty) {
                super.updateItem(item, empty);
                setAlignment(Pos.CENTER_RIGHT);
                setText(empty || item == null || item.isNaN() ? "" : text.apply(item));
            }
        });
        return column;
    }

    /** A path's end tells layers apart, so a long one loses its beginning. */
    private static final class NameCell extends TableCell<LayerErrorRow, String> {

        NameCell() {
            setTextOverrun(OverrunStyle.LEADING_ELLIPSIS);
        }

        @Override
        protected void updateItem(String item, boolean empty) {
            super.updateItem(item, empty);
            setText(empty ? null : item);
            setTooltip(empty ? null : new Tooltip(item));
        }
    }

    /** The number with a bar before it. */
    private static final class SqnrCell extends TableCell<LayerErrorRow, LayerErrorRow> {

        private final ProgressBar bar = new ProgressBar();
        private final Label number = new Label();
        private final HBox both = new HBox(6, bar, number);

        SqnrCell() {
            bar.getStyleClass().add("sqnr-bar");
            bar.setMaxWidth(Double.MAX_VALUE);
            bar.setMinWidth(0);
            bar.setPrefWidth(24);
            HBox.setHgrow(bar, Priority.ALWAYS);
            number.setMinWidth(50);
            number.setAlignment(Pos.CENTER_RIGHT);
            both.setAlignment(Pos.CENTER_LEFT);
        }

        @Override
        protected void updateItem(LayerErrorRow row, boolean empty) {
            super.updateItem(row, empty);
            setGraphic(empty || row == null ? null : both);
            if (!empty && row != null) {
                bar.setProgress(row.quality());
                number.setText(Formats.decibel(row.metrics().sqnrDb()));
            }
        }
    }

    private void save() {
        String csv = DriftCsv.layers(List.copyOf(table.getItems()));
        dialogs.save(texts.text("errors.csv"), "layer-errors.csv", ".csv").ifPresent(file ->
                tasks.quietly(texts.text("errors.csv"), (_, _) -> {
                    AtomicFile.write(file, csv.getBytes(StandardCharsets.UTF_8));
                    return file;
                }, _ -> { }));
    }
}
