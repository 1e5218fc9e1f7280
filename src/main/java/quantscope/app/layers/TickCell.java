package quantscope.app.layers;

import javafx.scene.control.CheckBox;
import javafx.scene.control.TableCell;
import quantscope.app.state.Choosing;

/** The tick for int8. */
final class TickCell extends TableCell<LayerRow, LayerRow> {

    private final Choosing choosing;
    private final CheckBox box = new CheckBox();

    TickCell(Choosing choosing) {
        this.choosing = choosing;
        box.setFocusTraversable(false);
        box.setOnAction(_ -> {
            LayerRow row = getItem();
            box.setSelected(choosing.ticked(row.name()));
            choosing.toggle(row.name());
        });
    }

    @Override
    protected void updateItem(LayerRow row, boolean empty) {
        super.updateItem(row, empty);
        boolean shown = !empty && row != null && row.fusedInto().isEmpty() && !choosing.offered(row.name()).isEmpty();
        setGraphic(shown ? box : null);
        if (shown) {
            box.setId("row-tick-" + row.name());
            box.setSelected(choosing.ticked(row.name()));
            box.setDisable(!choosing.tickable(row.name()) && !choosing.ticked(row.name()));
        }
    }
}
