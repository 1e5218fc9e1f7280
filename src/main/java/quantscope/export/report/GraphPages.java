package quantscope.export.report;

import java.util.ArrayList;
import java.util.List;
import quantscope.figure.Arrangement;
import quantscope.figure.Place;

/**
 * How a graph is cut to fit pages of A4: into columns side by side, as in a newspaper, between cards and not through them
 * where that can be.
 *
 * @param scale of all columns
 * @param pages columns, left to right, of each page
 */
record GraphPages(double scale, List<List<Column>> pages) {

    /** A part of the graph, by heights in the graph's pixels. */
    record Column(double top, double bottom) { }

    /** Pixels of CSS, 96 an inch, that a page with margins and a heading has for drawings. */
    static final double PAGE_WIDTH = 690;
    static final double PAGE_HEIGHT = 900;
    private static final double GAP = 8;
    /** Texts of 11 pixels are still 5.4 points high. */
    private static final double SMALLEST = 0.65;
    private static final double CLEAR = 5;

    static GraphPages of(Arrangement graph) {
        int side = 1;
        double scale = scale(graph, side);
        while (graph.height() * scale > side * PAGE_HEIGHT && scale(graph, side + 1) >= SMALLEST) {
            side++;
            scale = scale(graph, side);
        }
        List<Column> columns = columns(graph, PAGE_HEIGHT / scale);
        if (columns.size() <= side && columns.size() > 1) {
            columns = even(graph, columns.size(), PAGE_HEIGHT / scale);
        }
        List<List<Column>> pages = new ArrayList<>();
        for (int i = 0; i < columns.size(); i += side) {
            pages.add(List.copyOf(columns.subList(i, Math.min(i + side, columns.size()))));
        }
        return new GraphPages(scale, List.copyOf(pages));
    }

    private static double scale(Arrangement graph, int side) {
        return Math.min(1, (PAGE_WIDTH - (side - 1) * GAP) / (side * graph.width()));
    }

    private static List<Column> columns(Arrangement graph, double height) {
        List<Column> columns = new ArrayList<>();
        double top = 0;
        while (top < graph.height()) {
            double bottom = graph.height() - top <= height ? graph.height() : cut(graph, top, top + height);
            columns.add(new Column(top, bottom));
            top = bottom;
        }
        return columns;
    }

    /** As many columns of about the same height, where cuts between cards leave them within a page. */
    private static List<Column> even(Arrangement graph, int count, double most) {
        for (double height = graph.height() / count; height < most; height += 10) {
            List<Column> columns = columns(graph, height);
            if (columns.size() <= count) {
                return columns;
            }
        }
        return columns(graph, most);
    }

    /** The lowest height above a limit that no card is at; the limit itself where cards stand too close. */
    private static double cut(Arrangement graph, double top, double limit) {
        double at = limit;
        while (at > top + (limit - top) / 2) {
            double here = at;
            var hit = graph.places().values().stream().filter(p -> p.y() - CLEAR < here && p.bottom() + CLEAR > here)
                    .mapToDouble(Place::y).min();
            if (hit.isEmpty()) {
                return at;
            }
            at = hit.getAsDouble() - CLEAR;
        }
        return limit;
    }
}
