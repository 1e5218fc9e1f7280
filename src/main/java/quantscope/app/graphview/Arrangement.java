package quantscope.app.graphview;

import java.util.List;
import java.util.Map;
import javafx.geometry.Point2D;
import javafx.geometry.Rectangle2D;

/**
 * Places for a drawing, in pixels at 100%.
 *
 * @param places of the cards
 * @param routes of the edges, in the drawing's order: start, bends, end
 */
record Arrangement(Drawing drawing, Map<String, Rectangle2D> places, List<List<Point2D>> routes, double width,
                   double height) {

    Arrangement {
        places = Map.copyOf(places);
        routes = List.copyOf(routes);
    }
}
