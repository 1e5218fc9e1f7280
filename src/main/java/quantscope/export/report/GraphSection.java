package quantscope.export.report;

import java.util.List;
import quantscope.figure.ArrangeGraph;
import quantscope.figure.Arrangement;
import quantscope.figure.DrawGraph;
import quantscope.figure.GraphSvg;
import quantscope.figure.Markup;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepared;

/** The layer graph with its stubs, as the window draws it; a long one goes on in further columns and on further pages. */
record GraphSection(Markup html, Prepared prepared) {

    void write() {
        Arrangement graph = new ArrangeGraph().arrange(new DrawGraph(DrawGraph.TickBoxes.NONE).draw(prepared), true);
        GraphPages pages = GraphPages.of(graph);
        html.begin("section", "id", "graph").element("h2", "Layer graph");
        legend(graph);
        for (List<GraphPages.Column> page : pages.pages()) {
            html.begin("div", "class", "columns");
            for (GraphPages.Column column : page) {
                double height = column.bottom() - column.top();
                String part = "0 " + Markup.px(column.top()) + " " + Markup.px(graph.width()) + " " + Markup.px(height);
                html.begin("svg", "class", "graph", "viewBox", part, "width", Markup.px(graph.width() * pages.scale()),
                        "height", Markup.px(height * pages.scale()), "role", "img", "aria-label", "Layer graph");
                new GraphSvg(html, graph).draw(column.top(), column.bottom());
                html.end("svg");
            }
            html.end("div");
        }
        html.end("section");
    }

    private void legend(Arrangement graph) {
        html.begin("p", "class", "legend");
        for (Precision carried : Precision.values()) {
            if (graph.drawing().edges().stream().anyMatch(e -> e.carries() == carried)) {
                key("line-" + carried.label(), switch (carried) {
                    case FP32 -> "fp32 values";
                    case INT8 -> "int8 levels";
                    case BINARY -> "signs for a binary layer";
                });
            }
        }
        html.end("p");
    }

    private void key(String style, String says) {
        html.begin("span", "class", "key").element("span", "", "class", "swatch " + style).text(says).end("span").text(" ");
    }
}
