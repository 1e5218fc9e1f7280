package quantscope.figure;

import java.util.List;
import quantscope.ptq.Precision;

/**
 * An arrangement as SVG shapes. Colours, widths and dashes come from a style sheet, {@link #STYLE} with the variables
 * that it names; texts are cut to fit their cards, and each card has its whole name as a title.
 */
public final class GraphSvg {

    /** What the shapes need of a style sheet, but for --fg, --muted, --line, --card, --soft and the precisions' colours. */
    public static final String STYLE = """
            .g-card { fill: var(--card); stroke: var(--line); }
            .g-plain { fill: var(--soft); stroke: var(--line); }
            .g-stub { fill: var(--int8-soft); stroke: var(--int8); }
            .g-name { fill: var(--fg); font-weight: 600; font-size: 13px; }
            .g-detail { fill: var(--muted); font-size: 11px; }
            .g-small { fill: var(--fg); font-weight: 600; font-size: 11px; }
            .g-pill { fill: var(--int8); font-weight: 600; font-size: 11px; }
            .g-precision { font-weight: 600; font-size: 11px; }
            .g-edge { fill: none; stroke: var(--fp32); stroke-width: 1.4; }
            .g-head { fill: var(--fp32); }
            .g-edge-int8 { stroke: var(--int8); stroke-width: 2.8; }
            .g-head-int8 { fill: var(--int8); }
            .g-edge-binary { stroke: var(--binary); stroke-width: 1.8; stroke-dasharray: 5 4; }
            .g-head-binary { fill: var(--binary); }
            .g-tie { stroke-width: 6; opacity: 0.35; stroke-dasharray: none; }
            .p-fp32 .g-strip, .p-fp32 .g-precision { fill: var(--fp32); }
            .p-int8 .g-strip, .p-int8 .g-precision { fill: var(--int8); }
            .p-binary .g-strip, .p-binary .g-precision { fill: var(--binary); }
            """;

    private static final double RADIUS = 7;
    private static final double HEAD = 6;
    private static final double LEFT = 14;
    private static final double NAME = 13;
    private static final double SMALL = 11;

    private final Markup svg;
    private final Arrangement arrangement;

    public GraphSvg(Markup svg, Arrangement arrangement) {
        this.svg = svg;
        this.arrangement = arrangement;
    }

    /** Draws what lies, at least in part, between two heights. */
    public void draw(double top, double bottom) {
        for (int i = 0; i < arrangement.routes().size(); i++) {
            List<Point> route = arrangement.routes().get(i);
            if (route.stream().anyMatch(p -> p.y() >= top - HEAD) && route.stream().anyMatch(p -> p.y() <= bottom + HEAD)) {
                edge(arrangement.drawing().edges().get(i), route);
            }
        }
        arrangement.drawing().cards().values().forEach(card -> {
            Place place = arrangement.places().get(card.name());
            if (place.bottom() > top && place.y() < bottom) {
                card(card, place);
            }
        });
    }

    private void edge(Drawing.Edge edge, List<Point> route) {
        String kind = edge.carries() == Precision.FP32 ? "" : "-" + edge.carries().label();
        svg.empty("path", "class", "g-edge" + (kind.isEmpty() ? "" : " g-edge" + kind) + (edge.tie() ? " g-tie" : ""),
                "d", path(route));
        if (!edge.tie() && route.size() > 1) {
            svg.empty("path", "class", "g-head" + (kind.isEmpty() ? "" : " g-head" + kind), "d",
                    head(route.get(route.size() - 2), route.getLast()));
        }
    }

    /** A line with round corners. */
    private static String path(List<Point> route) {
        StringBuilder d = new StringBuilder("M" + at(route.getFirst()));
        for (int i = 1; i < route.size() - 1; i++) {
            Point corner = route.get(i);
            double radius = Math.min(RADIUS, Math.min(corner.distance(route.get(i - 1)), corner.distance(route.get(i + 1))) / 2);
            d.append('L').append(at(corner.towards(route.get(i - 1), radius))).append('Q').append(at(corner)).append(' ')
                    .append(at(corner.towards(route.get(i + 1), radius)));
        }
        return d.append('L').append(at(route.getLast())).toString();
    }

    private static String head(Point before, Point tip) {
        Point base = tip.towards(before, HEAD);
        double sideX = -(tip.y() - base.y()) * 0.55;
        double sideY = (tip.x() - base.x()) * 0.55;
        return "M" + at(tip) + "L" + at(new Point(base.x() + sideX, base.y() + sideY)) + "L"
                + at(new Point(base.x() - sideX, base.y() - sideY)) + "Z";
    }

    private static String at(Point p) {
        return Markup.px(p.x()) + " " + Markup.px(p.y());
    }

    private void card(Card card, Place place) {
        svg.begin("g", "class", "p-" + card.precision().label()).element("title", card.name() + ": " + card.kind() + ", "
                + card.precision().label());
        switch (card.form()) {
            case STUB -> {
                box(place, "g-stub", 13);
                centred(place, card.kind(), "g-pill", "");
            }
            case SOURCE -> {
                box(place, "g-plain", 15);
                centred(place, TextFit.middle(card.name(), NAME, 60), "g-name", TextFit.middle(card.shape(), SMALL, 80));
            }
            case FUSED -> {
                box(place, "g-plain", 5);
                String into = "fused into " + TextFit.middle(withinModule(card), SMALL, 70);
                double room = place.width() - 16 - TextFit.width(into, SMALL);
                centred(place, TextFit.middle(card.name(), SMALL, room), "g-small", into);
            }
            case LAYER, SMALL -> layer(card, place);
        }
        svg.end("g");
    }

    /** The layer that a card is fused into, without the path that both share. */
    private static String withinModule(Card card) {
        String layer = card.fusedInto().orElseThrow();
        int path = layer.lastIndexOf('.') + 1;
        return card.name().startsWith(layer.substring(0, path)) ? layer.substring(path) : layer;
    }

    private void layer(Card card, Place place) {
        box(place, "g-card", 6);
        svg.empty("path", "class", "g-strip", "d", "M" + at(new Point(place.x() + 5, place.y())) + "V" + Markup.px(place.bottom())
                + "H" + Markup.px(place.x() + 6) + "a6 6 0 0 1 -6 -6V" + Markup.px(place.y() + 6) + "a6 6 0 0 1 6 -6Z");
        boolean three = card.cost().isPresent();
        double room = place.width() - LEFT - 10;
        double precision = TextFit.width(card.precision().label(), SMALL);
        text(place.x() + LEFT, place.y() + (three ? 20 : 17), "g-name", TextFit.middle(card.name(), NAME, room - precision - 8));
        svg.element("text", card.precision().label(), "x", Markup.px(place.right() - 9), "y",
                Markup.px(place.y() + (three ? 20 : 17)), "class", "g-precision", "text-anchor", "end");
        text(place.x() + LEFT, place.y() + (three ? 37 : 33), "g-detail",
                TextFit.middle(card.kind() + " · " + card.shape(), SMALL, room));
        card.cost().ifPresent(cost -> text(place.x() + LEFT, place.y() + 53, "g-detail",
                Formats.count(cost.parameters()) + " params · " + Formats.count(cost.macs()) + " MACs"));
    }

    private void box(Place place, String style, int radius) {
        svg.empty("rect", "x", Markup.px(place.x()), "y", Markup.px(place.y()), "width", Markup.px(place.width()), "height",
                Markup.px(place.height()), "rx", Integer.toString(radius), "class", style);
    }

    private void text(double x, double y, String style, String text) {
        svg.element("text", text, "x", Markup.px(x), "y", Markup.px(y), "class", style);
    }

    private void centred(Place place, String name, String style, String detail) {
        svg.begin("text", "x", Markup.px(place.centerX()), "y", Markup.px(place.centerY() + 4), "text-anchor", "middle")
                .element("tspan", name, "class", style);
        if (!detail.isEmpty()) {
            svg.element("tspan", detail, "class", "g-detail", "dx", "6");
        }
        svg.end("text");
    }
}
