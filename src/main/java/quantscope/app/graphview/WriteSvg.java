package quantscope.app.graphview;

import java.util.Map;
import quantscope.figure.Arrangement;
import quantscope.figure.GraphSvg;
import quantscope.figure.Markup;

/** An arrangement as an SVG file, on white, for papers and reviews. */
final class WriteSvg {

    private static final Map<String, String> COLOURS = Map.of("fg", "#1f2328", "muted", "#57606a", "line", "#d0d7de", "card",
            "#ffffff", "soft", "#f6f8fa", "fp32", "#8c959f", "int8", "#0969da", "int8-soft", "#ddf4ff", "binary", "#8250df");

    String write(Arrangement arrangement) {
        Markup svg = new Markup();
        svg.begin("svg", "xmlns", "http://www.w3.org/2000/svg", "width", Markup.px(arrangement.width()), "height",
                Markup.px(arrangement.height())).style("svg { font-family: sans-serif; }\n" + style())
                .empty("rect", "width", "100%", "height", "100%", "fill", "#ffffff");
        new GraphSvg(svg, arrangement).draw(0, arrangement.height());
        return svg.end("svg").toString();
    }

    /** Drawing programs know no variables. */
    private static String style() {
        String style = GraphSvg.STYLE;
        for (var colour : COLOURS.entrySet()) {
            style = style.replace("var(--" + colour.getKey() + ")", colour.getValue());
        }
        return style;
    }
}
