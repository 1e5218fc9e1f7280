package quantscope.app.graphview;

import java.util.List;
import java.util.Locale;
import javafx.geometry.Point2D;
import javafx.geometry.Rectangle2D;
import quantscope.ptq.Precision;

/** An arrangement as SVG, on white, for papers and reviews. */
final class WriteSvg {

    String write(Arrangement arrangement) {
        StringBuilder svg = new StringBuilder(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
                        + "font-family=\"sans-serif\" font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n",
                arrangement.width(), arrangement.height()));
        for (int i = 0; i < arrangement.routes().size(); i++) {
            edge(svg, arrangement.drawing().edges().get(i), arrangement.routes().get(i));
        }
        arrangement.drawing().cards().values().forEach(c -> card(svg, c, arrangement.places().get(c.name())));
        return svg.append("</svg>\n").toString();
    }

    private static void edge(StringBuilder svg, Drawing.Edge edge, List<Point2D> route) {
        svg.append("<polyline fill=\"none\" stroke=\"").append(colour(edge.carries())).append("\" stroke-width=\"")
                .append(edge.carries() == Precision.INT8 ? "2.5" : "1.4").append('"')
                .append(edge.carries() == Precision.BINARY ? " stroke-dasharray=\"5 4\"" : "").append(" points=\"");
        route.forEach(p -> svg.append(format("%.1f,%.1f ", p.getX(), p.getY())));
        svg.append("\"/>\n");
    }

    private static void card(StringBuilder svg, Card card, Rectangle2D place) {
        boolean small = card.form() == Card.Form.STUB || card.form() == Card.Form.FUSED;
        svg.append(format("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%d\" fill=\"#ffffff\" "
                        + "stroke=\"%s\"/>%n", place.getMinX(), place.getMinY(), place.getWidth(), place.getHeight(),
                small ? 12 : 6, colour(card.precision())));
        text(svg, place, 17, "font-weight=\"bold\"", card.form() == Card.Form.STUB ? card.kind() : card.name());
        if (!small) {
            text(svg, place, 33, "fill=\"#57606a\"", card.kind() + " · " + card.shape() + " · "
                    + card.precision().label());
            text(svg, place, 49, "fill=\"#57606a\"", card.cost());
        }
    }

    private static void text(StringBuilder svg, Rectangle2D place, double down, String attributes, String text) {
        if (!text.isEmpty()) {
            svg.append(format("<text x=\"%.1f\" y=\"%.1f\" %s>", place.getMinX() + 10, place.getMinY() + down,
                    attributes)).append(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
                    .append("</text>\n");
        }
    }

    private static String colour(Precision precision) {
        return switch (precision) {
            case FP32 -> "#8c959f";
            case INT8 -> "#0969da";
            case BINARY -> "#8250df";
        };
    }

    private static String format(String pattern, Object... arguments) {
        return String.format(Locale.ROOT, pattern, arguments);
    }
}
