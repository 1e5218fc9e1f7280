package quantscope.app.calibration;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import javafx.beans.property.SimpleStringProperty;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.text.Font;
import javafx.scene.text.FontWeight;
import javafx.scene.text.Text;
import quantscope.app.state.Runs;
import quantscope.app.text.Texts;
import quantscope.session.CalibrationRun;

/** Scale and zero point of every quantized tensor of the last calibration. */
final class ScaleTable extends TableView<ScaleRow> {

    private static final double ROW = 28;
    private static final int MOST_ROWS = 9;
    /** Room beside a cell's text. */
    private static final double BESIDE = 15;
    private static final double WIDEST = 240;
    private static final double BORDER = 3;
    private static final double SCROLL_BAR = 15;

    private static final Font CELL = Font.font(12);
    private static final Font HEADER = Font.font(CELL.getFamily(), FontWeight.BOLD, 12);

    private final Texts texts;

    ScaleTable(Runs runs, Texts texts) {
        this.texts = texts;
        setId("scale-table");
        getStyleClass().addAll("dense", "striped");
        setFixedCellSize(ROW);
        setColumnResizePolicy(TableView.UNCONSTRAINED_RESIZE_POLICY);
        setPlaceholder(new Label(texts.text("scales.empty")));
        getColumns().setAll(List.of(column("node", this::name), column("scale", ScaleRow::scale),
                column("zeroPoint", ScaleRow::zeroPoint), column("range", this::seen)));
        widthProperty().addListener((_, _, _) -> fit());
        runs.results().runProperty().addListener((_, _, _) -> show(runs));
        show(runs);
    }

    private void show(Runs runs) {
        getItems().setAll(runs.results().run().map(CalibrationRun::calibration).map(ScaleRow::of).orElse(List.of()));
        setPrefHeight(ROW * (Math.clamp(getItems().size(), 3, MOST_ROWS) + 1) + 14);
        fit();
    }

    /** Columns as wide as what they say; what is left is shared, what is missing is scrolled to. */
    private void fit() {
        double[] wanted = getColumns().stream().mapToDouble(this::wanted).toArray();
        double beside = BORDER + (getItems().size() > MOST_ROWS ? SCROLL_BAR : 0);
        double left = getWidth() - beside - Arrays.stream(wanted).sum();
        for (int i = 0; i < wanted.length; i++) {
            getColumns().get(i).setPrefWidth(wanted[i] + Math.max(0, Math.floor(left / wanted.length)));
        }
    }

    private double wanted(TableColumn<ScaleRow, ?> column) {
        Text text = new Text();
        double widest = width(text, column.getText(), HEADER);
        for (ScaleRow row : getItems()) {
            widest = Math.max(widest, width(text, String.valueOf(column.getCellData(row)), CELL));
        }
        return Math.min(WIDEST, Math.ceil(widest) + BESIDE);
    }

    private static double width(Text text, String content, Font font) {
        text.setFont(font);
        text.setText(content);
        return text.getLayoutBounds().getWidth();
    }

    private String name(ScaleRow row) {
        return texts.text("scales.name." + row.kind(), row.node());
    }

    private String seen(ScaleRow row) {
        return row.channels() == 1 ? row.range() : texts.text("scales.perChannel", row.channels());
    }

    private TableColumn<ScaleRow, String> column(String key, Function<ScaleRow, String> value) {
        TableColumn<ScaleRow, String> column = new TableColumn<>(texts.text("scales." + key));
        column.setId("scales-" + key);
        column.setMinWidth(40);
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
