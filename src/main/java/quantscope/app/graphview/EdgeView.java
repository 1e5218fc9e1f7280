package quantscope.app.graphview;

import java.util.List;
import javafx.geometry.Point2D;
import javafx.scene.Group;
import javafx.scene.shape.LineTo;
import javafx.scene.shape.MoveTo;
import javafx.scene.shape.Path;
import javafx.scene.shape.Polygon;
import javafx.scene.shape.QuadCurveTo;

/** An edge: a line with round corners and a head. Kinds of numbers differ by colour, width and dashes. */
final class EdgeView extends Group {

    private static final double RADIUS = 7;
    private static final double HEAD = 6;

    EdgeView(Drawing.Edge edge, List<Point2D> route) {
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

    private static Path line(List<Point2D> route) {
        Path path = new Path();
        if (route.isEmpty()) {
            return path;
        }
        path.getElements().add(new MoveTo(route.getFirst().getX(), route.getFirst().getY()));
        for (int i = 1; i < route.size() - 1; i++) {
            Point2D corner = route.get(i);
            double radius = Math.min(RADIUS, Math.min(corner.distance(route.get(i - 1)),
                    corner.distance(route.get(i + 1))) / 2);
            Point2D in = towards(corner, route.get(i - 1), radius);
            Point2D out = towards(corner, route.get(i + 1), radius);
            path.getElements().addAll(new LineTo(in.getX(), in.getY()),
                    new QuadCurveTo(corner.getX(), corner.getY(), out.getX(), out.getY()));
        }
        path.getElements().add(new LineTo(route.getLast().getX(), route.getLast().getY()));
        return path;
    }

    private static Polygon head(Point2D before, Point2D tip) {
        Point2D base = towards(tip, before, HEAD);
        Point2D along = tip.subtract(base);
        Point2D side = new Point2D(-along.getY(), along.getX()).multiply(0.55);
        Polygon head = new Polygon(tip.getX(), tip.getY(), base.getX() + side.getX(), base.getY() + side.getY(),
                base.getX() - side.getX(), base.getY() - side.getY());
        head.getStyleClass().add("edge-head");
        return head;
    }

    private static Point2D towards(Point2D from, Point2D to, double distance) {
        double length = from.distance(to);
        return length == 0 ? from : from.add(to.subtract(from).multiply(distance / length));
    }
}
