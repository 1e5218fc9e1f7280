package quantscope.figure;

import java.util.List;
import java.util.Map;

/**
 * Places for a drawing, in pixels at 100%.
 *
 * @param places of the cards
 * @param routes of the edges, in the drawing's order: start, bends, end
 */
public record Arrangement(Drawing drawing, Map<String, Place> places, List<List<Point>> routes, double width,
                          double height) {

    public Arrangement {
        places = Map.copyOf(places);
        routes = routes.stream().map(List::copyOf).toList();
    }
}
