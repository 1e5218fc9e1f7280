package quantscope.app.graphview;

import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.geometry.Rectangle2D;
import javafx.scene.Cursor;
import javafx.scene.Group;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.Pane;
import javafx.scene.shape.Rectangle;
import javafx.scene.transform.Scale;
import javafx.scene.transform.Translate;
import quantscope.figure.Place;

/** A pane that shows a part of something larger: wheel scrolls, Ctrl+wheel zooms at the pointer, dragging pans. */
final class Viewport extends Pane {

    static final double SMALLEST = 0.08;
    static final double LARGEST = 3;

    private final Group content = new Group();
    private final Translate translate = new Translate();
    private final Scale scale = new Scale(1, 1);
    private final ReadOnlyDoubleWrapper zoom = new ReadOnlyDoubleWrapper(1);
    private Rectangle2D extent = Rectangle2D.EMPTY;
    private Point2D dragFrom = Point2D.ZERO;

    Viewport() {
        getStyleClass().add("graph-viewport");
        content.getTransforms().addAll(translate, scale);
        content.setManaged(false);
        getChildren().add(content);
        Rectangle clip = new Rectangle();
        clip.widthProperty().bind(widthProperty());
        clip.heightProperty().bind(heightProperty());
        setClip(clip);
        addEventHandler(ScrollEvent.SCROLL, this::scrolled);
        addEventHandler(MouseEvent.MOUSE_PRESSED, e -> dragFrom = new Point2D(e.getX(), e.getY()));
        addEventHandler(MouseEvent.MOUSE_DRAGGED, this::dragged);
        addEventHandler(MouseEvent.MOUSE_RELEASED, _ -> setCursor(Cursor.DEFAULT));
    }

    Group content() {
        return content;
    }

    ReadOnlyDoubleProperty zoomProperty() {
        return zoom.getReadOnlyProperty();
    }

    Translate translation() {
        return translate;
    }

    /** How large the content is, in its own coordinates. */
    void setExtent(double width, double height) {
        extent = new Rectangle2D(0, 0, width, height);
    }

    Rectangle2D extent() {
        return extent;
    }

    /** The part of the content that can be seen, in its own coordinates. */
    Rectangle2D visiblePart() {
        return new Rectangle2D(-translate.getX() / zoom.get(), -translate.getY() / zoom.get(),
                getWidth() / zoom.get(), getHeight() / zoom.get());
    }

    void zoomBy(double factor) {
        zoomAt(getWidth() / 2, getHeight() / 2, zoom.get() * factor);
    }

    void zoomTo(double value) {
        zoomAt(getWidth() / 2, getHeight() / 2, value);
    }

    private void zoomAt(double x, double y, double wanted) {
        double next = Math.clamp(wanted, SMALLEST, LARGEST);
        double ratio = next / zoom.get();
        move(x - (x - translate.getX()) * ratio, y - (y - translate.getY()) * ratio, next);
    }

    /** Shows everything, not enlarged. */
    void fit() {
        if (extent.getWidth() <= 0 || getWidth() <= 0) {
            return;
        }
        double value = Math.clamp(Math.min(getWidth() / extent.getWidth(), getHeight() / extent.getHeight()),
                SMALLEST, 1);
        move((getWidth() - extent.getWidth() * value) / 2, (getHeight() - extent.getHeight() * value) / 2, value);
    }

    /** 100%, the top in the middle. */
    void home() {
        move((getWidth() - extent.getWidth()) / 2, Math.min(0, (getHeight() - extent.getHeight()) / 2), 1);
        if (extent.getHeight() > getHeight()) {
            move(translate.getX(), 0, 1);
        }
    }

    void panBy(double dx, double dy) {
        move(translate.getX() + dx, translate.getY() + dy, zoom.get());
    }

    /** Centres a point of the content. */
    void centre(double x, double y) {
        move(getWidth() / 2 - x * zoom.get(), getHeight() / 2 - y * zoom.get(), zoom.get());
    }

    /** Pans as little as needed until a part of the content is seen. */
    void reveal(Place part) {
        double margin = 24;
        double left = part.x() * zoom.get() + translate.getX() - margin;
        double top = part.y() * zoom.get() + translate.getY() - margin;
        double right = part.right() * zoom.get() + translate.getX() + margin;
        double bottom = part.bottom() * zoom.get() + translate.getY() + margin;
        double dx = left < 0 ? -left : right > getWidth() ? getWidth() - right : 0;
        double dy = top < 0 ? -top : bottom > getHeight() ? getHeight() - bottom : 0;
        panBy(dx, dy);
    }

    /** Moves so that something of the content stays on the screen, however it is panned. */
    private void move(double x, double y, double value) {
        double keep = 80;
        double width = extent.getWidth() * value;
        double height = extent.getHeight() * value;
        scale.setX(value);
        scale.setY(value);
        translate.setX(snap(Math.clamp(x, Math.min(keep - width, 0), Math.max(getWidth() - keep, 0))));
        translate.setY(snap(Math.clamp(y, Math.min(keep - height, 0), Math.max(getHeight() - keep, 0))));
        zoom.set(value);
    }

    private double snap(double x) {
        return snapPositionX(x);
    }

    private void scrolled(ScrollEvent e) {
        if (e.isShortcutDown() || e.isControlDown()) {
            zoomAt(e.getX(), e.getY(), zoom.get() * Math.exp(e.getDeltaY() / 250));
        } else if (e.isShiftDown() && e.getDeltaX() == 0) {
            panBy(e.getDeltaY(), 0);
        } else {
            panBy(e.getDeltaX(), e.getDeltaY());
        }
        e.consume();
    }

    private void dragged(MouseEvent e) {
        if (e.getButton() == MouseButton.PRIMARY || e.getButton() == MouseButton.MIDDLE) {
            setCursor(Cursor.CLOSED_HAND);
            panBy(e.getX() - dragFrom.getX(), e.getY() - dragFrom.getY());
            dragFrom = new Point2D(e.getX(), e.getY());
        }
    }

    /** Where a node of the content is on this pane. */
    Point2D onScreen(Bounds inContent) {
        return new Point2D(inContent.getMinX() * zoom.get() + translate.getX(),
                inContent.getMinY() * zoom.get() + translate.getY());
    }
}
