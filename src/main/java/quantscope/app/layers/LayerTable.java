package quantscope.app.layers;

import atlantafx.base.controls.CustomTextField;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;
import javafx.collections.transformation.SortedList;
import javafx.scene.control.Button;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import quantscope.app.control.FileDialogs;
import quantscope.app.state.Choosing;
import quantscope.app.state.Runs;
import quantscope.app.state.Workspace;
import quantscope.app.task.TaskRunner;
import quantscope.app.text.Texts;
import quantscope.export.AtomicFile;
import quantscope.figure.Formats;
import quantscope.quant.QuantParams;

/** All layers as rows, with the same selection and the same ticks as the graph. */
public final class LayerTable extends VBox {

    private final Workspace workspace;
    private final Runs runs;
    private final TaskRunner tasks;
    private final FileDialogs dialogs;
    private final Choosing choosing;
    private final Texts texts = Texts.of("layers");
    private final ObservableList<LayerRow> rows = FXCollections.observableArrayList();
    private final FilteredList<LayerRow> filtered = new FilteredList<>(rows);
    private final TableView<LayerRow> table = new TableView<>();
    private boolean following;

    public LayerTable(Workspace workspace, Choosing choosing, Runs runs, TaskRunner tasks, FileDialogs dialogs) {
        this.workspace = workspace;
        this.choosing = choosing;
        this.runs = runs;
        this.tasks = tasks;
        this.dialogs = dialogs;
        getStyleClass().add("layer-table");
        VBox.setVgrow(table, Priority.ALWAYS);
        table.setId("layer-table");
        table.getStyleClass().addAll("dense", "striped");
        table.setPlaceholder(new javafx.scene.control.Label(texts.text("table.empty")));
        addColumns();
        SortedList<LayerRow> sorted = new SortedList<>(filtered);
        sorted.comparatorProperty().bind(table.comparatorProperty());
        table.setItems(sorted);
        table.getSelectionModel().selectedItemProperty().addListener((_, _, row) -> {
            if (row != null && !following) {
                workspace.select(row.name());
            }
        });
        table.addEventHandler(KeyEvent.KEY_PRESSED, this::pressed);
        getChildren().addAll(bar(), table);
        workspace.preparedProperty().addListener((_, _, _) -> refresh());
        runs.results().comparisonProperty().addListener((_, _, _) -> refresh());
        workspace.selectedLayerProperty().addListener((_, _, _) -> follow());
        refresh();
    }

    /** Keys are for the rows. */
    @Override
    public void requestFocus() {
        table.requestFocus();
    }

    private HBox bar() {
        CustomTextField filter = new CustomTextField();
        filter.setId("layer-filter");
        filter.setLeft(new FontIcon(Feather.SEARCH));
        filter.setPromptText(texts.text("table.filter"));
        filter.textProperty().addListener((_, _, text) -> {
            following = true;
            filtered.setPredicate(row -> row.matches(text));
            following = false;
            follow();
        });
        HBox.setHgrow(filter, Priority.ALWAYS);
        HBox bar = new HBox(4, filter, button("copy", Feather.COPY, this::copy),
                button("csv", Feather.DOWNLOAD, this::save));
        bar.getStyleClass().add("table-bar");
        return bar;
    }

    private Button button(String key, Feather icon, Runnable action) {
        Button button = new Button("", new FontIcon(icon));
        button.setId("table-" + key);
        button.getStyleClass().addAll("button-icon", "flat");
        button.setTooltip(new Tooltip(texts.text("table." + key)));
        button.setOnAction(_ -> action.run());
        return button;
    }

    private void addColumns() {
        TableColumn<LayerRow, LayerRow> tick = column("tick", 34, Function.identity());
        tick.setCellFactory(_ -> new TickCell(choosing));
        tick.setSortable(false);
        TableColumn<LayerRow, LayerRow> precision = column("precision", 88, Function.identity());
        precision.setCellFactory(_ -> new PrecisionCell(choosing));
        precision.setComparator(java.util.Comparator.comparing(LayerRow::precision));
        table.getColumns().setAll(List.of(tick, column("name", 112, LayerRow::name), precision,
                number("sqnr", 70, r -> r.sqnr().orElse(Double.NaN),
                        db -> Double.isNaN(db) ? "" : Formats.decibel(db)),
                column("shape", 96, LayerRow::shape), column("kind", 104, LayerRow::kind), scale(), zeroPoint(),
                number("params", 70, r -> r.cost().parameters(), LayerTable::count),
                number("macs", 70, r -> r.cost().macs(), LayerTable::count),
                number("obstacles", 56, LayerRow::obstacles, n -> n == 0 ? "" : Integer.toString(n))));
    }

    /** Of int8 that the model file has; other layers' are in the table of scales. */
    private TableColumn<LayerRow, Float> scale() {
        TableColumn<LayerRow, Float> column = number("scale", 86,
                r -> r.params().map(QuantParams.PerTensor::scale).orElse(Float.NaN), s -> Float.isNaN(s) ? "" : Formats.number(s));
        return given(column);
    }

    private TableColumn<LayerRow, Integer> zeroPoint() {
        TableColumn<LayerRow, Integer> column = number("zeroPoint", 64,
                r -> r.params().map(QuantParams.PerTensor::zeroPoint).orElse(Integer.MIN_VALUE),
                z -> z == Integer.MIN_VALUE ? "" : Integer.toString(z));
        return given(column);
    }

    /** Shown only where there is something in it. */
    private <T> TableColumn<LayerRow, T> given(TableColumn<LayerRow, T> column) {
        column.visibleProperty().bind(Bindings.createBooleanBinding(
                () -> rows.stream().anyMatch(r -> r.params().isPresent()), rows));
        return column;
    }

    private static String count(long n) {
        return n == 0 ? "" : Formats.count(n);
    }

    private <T> TableColumn<LayerRow, T> column(String key, double width, Function<LayerRow, T> value) {
        TableColumn<LayerRow, T> column = new TableColumn<>(texts.text("column." + key));
        column.setId("column-" + key);
        column.setPrefWidth(width);
        column.setCellValueFactory(f -> new javafx.beans.property.SimpleObjectProperty<>(value.apply(f.getValue())));
        return column;
    }

    private <T extends Comparable<T>> TableColumn<LayerRow, T> number(String key, double width,
                                                                     Function<LayerRow, T> value,
                                                                     Function<T, String> text) {
        TableColumn<LayerRow, T> column = column(key, width, value);
        column.getStyleClass().add("number");
        column.setCellFactory(_ -> new javafx.scene.control.TableCell<>() {
            @Override
            protected void updateItem(T item, boolean empty) {
                super.updateItem(item, empty);
                setText(empty || item == null ? "" : text.apply(item));
            }
        });
        return column;
    }

    private void refresh() {
        following = true;
        rows.setAll(workspace.prepared().map(p -> LayerRow.of(p, runs.results().comparison())).orElse(List.of()));
        following = false;
        follow();
    }

    private void follow() {
        Optional<LayerRow> row = workspace.selectedLayer()
                .flatMap(s -> table.getItems().stream().filter(r -> r.name().equals(s)).findFirst());
        following = true;
        row.ifPresentOrElse(r -> {
            table.getSelectionModel().select(r);
            table.scrollTo(Math.max(0, table.getItems().indexOf(r) - 4));
        }, () -> table.getSelectionModel().clearSelection());
        following = false;
    }

    private void pressed(KeyEvent e) {
        if (KeyCombination.keyCombination("Shortcut+C").match(e)) {
            copy();
            e.consume();
        } else if (e.getCode() == KeyCode.SPACE || e.getCode() == KeyCode.ENTER) {
            workspace.selectedLayer().ifPresent(choosing::toggle);
            e.consume();
        }
    }

    private void copy() {
        ClipboardContent content = new ClipboardContent();
        content.putString(TableText.tabs(List.copyOf(table.getItems())));
        Clipboard.getSystemClipboard().setContent(content);
    }

    private void save() {
        String name = workspace.prepared().map(p -> p.graph().name()).orElse("layers") + "-layers.csv";
        List<LayerRow> now = List.copyOf(table.getItems());
        dialogs.save(texts.text("table.csv"), name, ".csv").ifPresent(file ->
                tasks.quietly(texts.text("table.csv"), (_, _) -> {
                    AtomicFile.write(file, TableText.csv(now).getBytes(StandardCharsets.UTF_8));
                    return file;
                }, _ -> { }));
    }
}
