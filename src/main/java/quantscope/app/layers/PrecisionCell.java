package quantscope.app.layers;

import java.util.List;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.util.StringConverter;
import quantscope.app.state.Choosing;
import quantscope.ptq.Precision;

/** A layer's precision: a choice where there is one. */
final class PrecisionCell extends TableCell<LayerRow, LayerRow> {

    private final Choosing choosing;
    private final ComboBox<Precision> box = new ComboBox<>();
    private final Label label = new Label();
    private boolean showing;

    PrecisionCell(Choosing choosing) {
        this.choosing = choosing;
        label.getStyleClass().add("precision-chip");
        box.setConverter(new StringConverter<>() {
            @Override
            public String toString(Precision precision) {
                return precision == null ? "" : precision.label();
            }

            @Override
            public Precision fromString(String text) {
                throw new IllegalStateException("the box is not editable");
            }
        });
        box.valueProperty().addListener((_, _, chosen) -> {
            if (!showing && chosen != null && getItem() != null) {
                choosing.setPrecision(getItem().name(), chosen);
            }
        });
    }

    @Override
    protected void updateItem(LayerRow row, boolean empty) {
        super.updateItem(row, empty);
        if (empty || row == null) {
            setGraphic(null);
            return;
        }
        List<Precision> offered = choosing.offered(row.name());
        boolean choice = row.weighted() && row.fusedInto().isEmpty() && offered.size() > 1;
        if (choice) {
            showing = true;
            box.getItems().setAll(offered);
            box.setValue(row.precision());
            box.setDisable(!choosing.tickable(row.name()));
            box.getStyleClass().setAll("combo-box-base", "combo-box", "small", "precision-box",
                    "precision-" + row.precision().label());
            showing = false;
        } else {
            label.setText(row.precision().label());
            label.getStyleClass().setAll("label", "precision-chip", "precision-" + row.precision().label());
        }
        setGraphic(choice ? box : label);
    }
}
