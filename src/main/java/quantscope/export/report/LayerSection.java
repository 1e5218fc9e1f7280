package quantscope.export.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import quantscope.compare.ErrorMetrics;
import quantscope.compare.LayerError;
import quantscope.compare.SignFlips;
import quantscope.figure.Formats;
import quantscope.figure.Markup;
import quantscope.graph.Cost;
import quantscope.graph.Node;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepared;

/** How far each layer's output is from fp32 over the compared images. */
record LayerSection(Markup html, ReportContent content) {

    void write() {
        Prepared prepared = content.prepared();
        Map<String, Double> flips = new HashMap<>();
        for (SignFlips f : content.comparison().signFlips()) {
            flips.put(f.layer(), f.rate());
        }
        html.begin("section", "id", "layers").element("h2", "Layers")
                .element("p", "Error of each layer’s output against fp32, over the compared images. A full bar is 60 dB."
                        + (flips.isEmpty() ? "" : " Sign flips: share of the signs at a binary layer’s input that differ."),
                        "class", "hint");
        List<String> heads = new ArrayList<>(List.of("Layer", "Kind", "Precision", "Output", "#MACs", "#SQNR", "#Cosine", "#MSE",
                "#Max error"));
        if (!flips.isEmpty()) {
            heads.add("#Sign flips");
        }
        Table table = new Table(html, heads.toArray(String[]::new));
        for (LayerError error : content.comparison().layers()) {
            ErrorMetrics m = error.metrics();
            Node node = prepared.graph().node(error.layer());
            Node source = prepared.source().find(error.layer()).orElse(node);
            long macs = Cost.of(source).macs();
            table.row().name(error.layer()).text(source.op().kind() + fused(prepared, error.layer()))
                    .precision(prepared.precisions().getOrDefault(error.layer(), Precision.FP32))
                    .whole(Formats.shape(node.shape()));
            if (macs > 0) {
                table.number(macs, Formats.count(macs));
            } else {
                table.nothing();
            }
            table.sqnr(m.sqnrDb()).number(m.cosine(), String.format(java.util.Locale.ROOT, "%.4f", m.cosine()))
                    .brief(m.mse()).brief(m.maxError());
            if (flips.containsKey(error.layer())) {
                table.number(flips.get(error.layer()), Formats.percent(flips.get(error.layer())));
            } else if (!flips.isEmpty()) {
                table.nothing();
            }
            table.endRow();
        }
        table.end();
        html.end("section");
    }

    /** " + BatchNorm2d + ReLU" for what a layer has taken in. */
    private static String fused(Prepared prepared, String layer) {
        List<String> kinds = prepared.graph().layers().stream().map(Node::name)
                .filter(n -> layer.equals(prepared.fusedInto().get(n)))
                .map(n -> prepared.source().find(n).orElseGet(() -> prepared.graph().node(n)).op().kind()).toList();
        return kinds.isEmpty() ? "" : " + " + String.join(" + ", kinds);
    }
}
