package quantscope.app.saturation;

import java.util.List;
import java.util.function.Function;
import javafx.beans.property.SimpleObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import quantscope.app.state.Choosing;
import quantscope.app.state.Workspace;
import quantscope.app.text.Texts;
import quantscope.compare.LayerSaturation;
import quantscope.figure.Formats;

/** A row for each int8 layer with weights; picking one selects the layer everywhere. */
final class SaturationTable extends TableView<LayerSaturation> {

    private final Workspace workspace;
    private final Choosing choosing;
    private final Texts texts;

    SaturationTable(Workspace workspace, Choosing choosing, Texts texts) {
        this.workspace = workspace;
        this.choosing = choosing;
        this.texts = texts;
        setId("saturation-table");
        getStyleClass().addAll("dense", "striped");
        setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        TableColumn<LayerSaturation, String> layer = column("layer", 72, LayerSaturation::layer);
        layer.setCellFactory(_ -> new TableCell<>() {
            @Override
            protected void updateItem(String item, boolean empty) {
                super.updateItem(item, empty);
                setTextOverrun(OverrunStyle.LEADING_ELLIPSIS);
                setText(empty ? null : item);
                setTooltip(empty ? null : new Tooltip(item));
            }
        });
        TableColumn<LayerSaturation, LayerSaturation> remedy = column("remedy", 106, Function.identity());
        remedy.setCellFactory(_ -> new RemedyCell());
        remedy.setSortable(false);
        getColumns().setAll(List.of(layer, number("saturating", 70, LayerSaturation::saturatingShare, Formats::percent),
                number("moved", 62, LayerSaturation::movedShare, Formats::percent),
                number("largestMove", 72, l -> (double) l.largestMove(), v -> texts.text("levels", v.intValue())), remedy));
        getSelectionModel().selectedItemProperty().addListener((_, _, row) -> {
            if (row != null) {
                workspace.select(row.layer());
            }
        });
    }

    void show(List<LayerSaturation> layers) {
        if (!layers.equals(getItems())) {
            getItems().setAll(layers);
        }
        refresh();
    }

    private <T> TableColumn<LayerSaturation, T> column(String key, double width, Function<LayerSaturation, T> value) {
        TableColumn<LayerSaturation, T> column = new TableColumn<>();
        Label head = new Label(texts.text("column." + key));
        head.setTooltip(new Tooltip(texts.text("column." + key + ".hint")));
        column.setGraphic(head);
        column.setId("saturation-" + key);
        column.setPrefWidth(width);
        column.setMinWidth(width);
        column.setCellValueFactory(f -> new SimpleObjectProperty<>(value.apply(f.getValue())));
        return column;
    }

    private TableColumn<LayerSaturation, Double> number(String key, double width,
                                                        Function<LayerSaturation, Double> value,
                                                        Function<Double, String> text) {
        TableColumn<LayerSaturation, Double> column = column(key, width, value);
        column.setCellFactory(_ -> new TableCell<>() {
            @Override
            protected void updateItem(Double item, boolean empty) {
                super.updateItem(item, empty);
                setAlignment(Pos.CENTER_RIGHT);
                setText(empty || item == null ? null : item == 0 ? "0" : text.apply(item));
            }
        });
        return column;
    }

    /** The button, or why there is none. */
    private final class RemedyCell extends TableCell<LayerSaturation, LayerSaturation> {

        private final Button reduce = new Button(texts.text("reduce"));

        RemedyCell() {
            reduce.getStyleClass().add("small");
            reduce.setTooltip(new Tooltip(texts.text("reduce.tip")));
            reduce.setOnAction(_ -> choosing.reduceRange(List.of(getItem().layer())));
        }

        @Override
        protected void updateItem(LayerSaturation row, boolean empty) {
            super.updateItem(row, empty);
            if (empty || row == null) {
                setGraphic(null);
                setText(null);
                return;
            }
            boolean reduced = workspace.specification().qconfig(row.layer()).weight().reduceRange();
            boolean offered = !reduced && row.saturating() > 0;
            reduce.setId("reduce-" + row.layer());
            setGraphic(offered ? reduce : null);
            setText(offered ? null : texts.text(reduced ? "reduced" : row.safe() ? "safe" : "notSeen"));
        }
    }
}
