package quantscope.app.graphview;

import javafx.geometry.Rectangle2D;
import javafx.scene.Group;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.Pane;
import javafx.scene.shape.Rectangle;
import quantscope.figure.Arrangement;

/** The whole graph, small, with a frame around what is seen; a click or a drag goes there. Hidden when all is seen. */
final class Minimap extends Pane {

    private static final double LONGEST = 168;
    private static final double WIDEST = 120;
    private static final double MARGIN = 4;

    private final Viewport viewport;
    private final Group cards = new Group();
    private final Rectangle frame = new Rectangle();
    private double factor = 1;

    Minimap(Viewport viewport) {
        this.viewport = viewport;
        setId("minimap");
        getStyleClass().add("minimap");
        setMaxSize(USE_PREF_SIZE, USE_PREF_SIZE);
        frame.getStyleClass().add("map-frame");
        frame.setManaged(false);
        cards.setManaged(false);
        getChildren().addAll(cards, frame);
        setVisible(false);
        viewport.zoomProperty().addListener((_, _, _) -> moveFrame());
        viewport.translation().xProperty().addListener((_, _, _) -> moveFrame());
        viewport.translation().yProperty().addListener((_, _, _) -> moveFrame());
        viewport.widthProperty().addListener((_, _, _) -> moveFrame());
        viewport.heightProperty().addListener((_, _, _) -> moveFrame());
        addEventHandler(MouseEvent.MOUSE_PRESSED, this::go);
        addEventHandler(MouseEvent.MOUSE_DRAGGED, this::go);
    }

    void show(Arrangement arrangement) {
        factor = Math.min(WIDEST / arrangement.width(), LONGEST / arrangement.height());
        cards.getChildren().clear();
        arrangement.places().forEach((name, place) -> {
            Rectangle card = new Rectangle(MARGIN + place.x() * factor, MARGIN + place.y() * factor,
                    Math.max(2, place.width() * factor), Math.max(1.5, place.height() * factor));
            card.getStyleClass().addAll("map-card",
                    "precision-" + arrangement.drawing().cards().get(name).precision().label());
            cards.getChildren().add(card);
        });
        setPrefSize(arrangement.width() * factor + 2 * MARGIN, arrangement.height() * factor + 2 * MARGIN);
        moveFrame();
    }

    private void moveFrame() {
        Rectangle2D seen = viewport.visiblePart();
        Rectangle2D all = viewport.extent();
        double left = Math.max(seen.getMinX(), 0);
        double top = Math.max(seen.getMinY(), 0);
        frame.setX(MARGIN + left * factor);
        frame.setY(MARGIN + top * factor);
        frame.setWidth(Math.max(0, Math.min(seen.getMaxX(), all.getWidth()) - left) * factor);
        frame.setHeight(Math.max(0, Math.min(seen.getMaxY(), all.getHeight()) - top) * factor);
        setVisible(all.getWidth() > 0 && !seen.contains(all));
    }

    private void go(MouseEvent e) {
        viewport.centre((e.getX() - MARGIN) / factor, (e.getY() - MARGIN) / factor);
        e.consume();
    }
}
