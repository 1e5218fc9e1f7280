package quantscope.app.calibration;

import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.layout.VBox;
import org.controlsfx.control.PopOver;
import quantscope.app.text.Texts;
import quantscope.dataset.SkippedImage;

/** Images that were left out and why, in a bubble beside the button that counts them. */
final class SkippedList {

    private final ListView<SkippedImage> list = new ListView<>();
    private final PopOver bubble;

    SkippedList(Texts texts) {
        list.setId("skipped-list");
        list.getStyleClass().add("skipped-list");
        list.setPrefSize(380, 220);
        list.setCellFactory(_ -> new Cell());
        bubble = new PopOver(list);
        bubble.setTitle(texts.text("skipped.title"));
        bubble.setHeaderAlwaysVisible(true);
        bubble.setDetachable(false);
        bubble.setArrowLocation(PopOver.ArrowLocation.TOP_LEFT);
    }

    void show(List<SkippedImage> images) {
        list.getItems().setAll(images);
    }

    void toggle(Node owner) {
        if (bubble.isShowing()) {
            bubble.hide();
        } else {
            bubble.show(owner);
        }
    }

    private static final class Cell extends ListCell<SkippedImage> {

        private final Label path = new Label();
        private final Label reason = new Label();
        private final VBox both = new VBox(1, path, reason);

        Cell() {
            path.getStyleClass().add("skipped-path");
            reason.getStyleClass().add("hint");
            reason.setWrapText(true);
            reason.setMaxWidth(340);
        }

        @Override
        protected void updateItem(SkippedImage image, boolean empty) {
            super.updateItem(image, empty);
            if (empty || image == null) {
                setGraphic(null);
                return;
            }
            path.setText(image.path());
            reason.setText(image.reason());
            setGraphic(both);
        }
    }
}
