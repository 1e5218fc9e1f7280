package quantscope.app.calibration;

import java.util.List;
import java.util.function.Function;
import javafx.beans.property.SimpleStringProperty;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import quantscope.app.state.Runs;
import quantscope.app.text.Texts;
import quantscope.session.CalibrationRun;

/** Scale and zero point of every quantized tensor of the last calibration. */
final class ScaleTable extends TableView<ScaleRow> {

    private static final double ROW = 28;
    private static final int MOST_ROWS = 9;

    private final Texts texts;

    ScaleTable(Runs runs, Texts texts) {
        this.texts = texts;
        setId("scale-table");
        getStyleClass().addAll("dense", "striped");
        setFixedCellSize(ROW);
        setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        setPlaceholder(new Label(texts.text("scales.empty")));
        getColumns().setAll(List.of(column("node", 92, this::name),
                column("scale", 116, ScaleRow::scale), column("zeroPoint", 64, ScaleRow::zeroPoint),
                column("range", 104, this::seen)));
        runs.results().runProperty().addListener((_, _, _) -> show(runs));
        show(runs);
    }

    private void show(Runs runs) {
        getItems().setAll(runs.results().run().map(CalibrationRun::calibration).map(ScaleRow::of).orElse(List.of()));
        setPrefHeight(ROW * (Math.clamp(getItems().size(), 3, MOST_ROWS) + 1) + 14);
    }

    private String name(ScaleRow row) {
        return texts.text("scales.name." + row.kind(), row.node());
    }

    private String seen(ScaleRow row) {
        return row.channels() == 1 ? row.range() : texts.text("scales.perChannel", row.channels());
    }

    private TableColumn<ScaleRow, String> column(String key, double width, Function<ScaleRow, String> value) {
        TableColumn<ScaleRow, String> column = new TableColumn<>(texts.text("scales." + key));
        column.setId("scales-" + key);
        column.setPrefWidth(width);
        column.setMinWidth(width * 0.7);
        column.setSortable(false);
        column.setCellValueFactory(f -> new SimpleStringProperty(value.apply(f.getValue())));
        column.setCellFactory(_ -> new TipCell());
        return column;
    }

    /** The whole text on hovering, for where the column is too narrow. */
    private static final class TipCell extends javafx.scene.control.TableCell<ScaleRow, String> {
        @Override
        protected void updateItem(String text, boolean empty) {
            super.updateItem(text, empty);
            setText(empty ? "" : text);
            setTooltip(empty || text == null || text.isEmpty() ? null : new javafx.scene.control.Tooltip(text));
        }
    }
}
