package quantscope.app.graphview;

import java.util.List;
import javafx.scene.Group;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;
import javafx.scene.shape.Polygon;
import javafx.scene.shape.QuadCurveTo;
import quantscope.figure.Drawing;
import quantscope.figure.Point;

/** An edge: a line with round corners and a head. Kinds of numbers differ by colour, width and dashes. */
final class EdgeView extends Group {

    private static final double RADIUS = 7;
    private static final double HEAD = 6;

    EdgeView(Drawing.Edge edge, List<Point> route) {
        setMouseTransparent(true);
        getStyleClass().addAll("graph-edge", "carries-" + edge.carries().label());
        if (edge.tie()) {
            getStyleClass().add("tie");
        }
        Path line = line(route);
        line.getStyleClass().add("edge-line");
        getChildren().add(line);
        if (!edge.tie() && route.size() > 1) {
            getChildren().add(head(route.get(route.size() - 2), route.getLast()));
        }
    }

    private static Path line(List<Point> route) {
        Path path = new Path();
        if (route.isEmpty()) {
            return path;
        }
        path.getElements().add(new MoveTo(route.getFirst().x(), route.getFirst().y()));
        for (int i = 1; i < route.size() - 1; i++) {
            Point corner = route.get(i);
            double radius = Math.min(RADIUS, Math.min(corner.distance(route.get(i - 1)),
                    corner.distance(route.get(i + 1))) / 2);
            Point in = corner.towards(route.get(i - 1), radius);
            Point out = corner.towards(route.get(i + 1), radius);
            path.getElements().addAll(new LineTo(in.x(), in.y()),
                    new QuadCurveTo(corner.x(), corner.y(), out.x(), out.y()));
        }
        path.getElements().add(new LineTo(route.getLast().x(), route.getLast().y()));
        return path;
    }

    private static Polygon head(Point before, Point tip) {
        Point base = tip.towards(before, HEAD);
        double sideX = -(tip.y() - base.y()) * 0.55;
        double sideY = (tip.x() - base.x()) * 0.55;
        Polygon head = new Polygon(tip.x(), tip.y(), base.x() + sideX, base.y() + sideY, base.x() - sideX,
                base.y() - sideY);
        head.getStyleClass().add("edge-head");
        return head;
    }
}
