package quantscope.export.report;

import java.util.Locale;
import java.util.OptionalDouble;
import quantscope.compare.Drift;
import quantscope.figure.Formats;
import quantscope.figure.Layers;
import quantscope.figure.Markup;
import quantscope.graph.Cost;
import quantscope.graph.Node;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepared;

/** The answer first: how many answers change, how sure that is, and how much of the network is int8. */
record SummarySection(Markup html, ReportContent content) {

    void write() {
        Drift drift = content.comparison().drift();
        int changed = drift.drifted().size();
        int all = drift.imageCount();
        html.begin("section", "id", "summary").begin("div", "class", "tiles");
        tile("Top-1 drift", changed + " of " + images(all) + ", 95 % confidence " + Formats.percent(drift.top1DriftCi95().low())
                + " to " + Formats.percent(drift.top1DriftCi95().high()), "drift", drift.top1Drift());
        tile("Agreement", all - changed + " of " + images(all) + " get the same answer", "agreement", 1 - drift.top1Drift());
        accuracy("Top-1 accuracy", "top1", drift.fp32Top1(), drift.convertedTop1());
        if (drift.fp32Top5().isPresent() && content.prepared().source().node(content.prepared().source().outputs().getFirst())
                .shape().filter(s -> s.elements() > 5).isPresent()) {
            accuracy("Top-5 accuracy", "top5", drift.fp32Top5(), drift.convertedTop5());
        }
        int8Share();
        html.end("div").end("section");
    }

    static String images(int count) {
        return count == 1 ? "one image" : count + " images";
    }

    private void tile(String name, String says, String id, double share) {
        begin(name);
        html.begin("p", "class", "big", "id", "summary-" + id);
        Table.data(html, share, Formats.percent(share));
        html.end("p");
        end(says);
    }

    private void accuracy(String name, String id, OptionalDouble fp32, OptionalDouble converted) {
        begin(name);
        if (fp32.isEmpty() || converted.isEmpty()) {
            html.element("p", "–", "class", "big");
            end("no labels in this folder");
            return;
        }
        html.begin("p", "class", "big", "id", "summary-" + id);
        Table.data(html, converted.getAsDouble(), Formats.percent(converted.getAsDouble()));
        html.end("p");
        double points = 100 * (converted.getAsDouble() - fp32.getAsDouble());
        end("fp32 " + Formats.percent(fp32.getAsDouble()) + ", difference " + (Math.abs(points) < 0.05 ? "±0.0"
                : String.format(Locale.ROOT, "%+.1f", points).replace('-', '−')) + " points");
    }

    private void int8Share() {
        Prepared prepared = content.prepared();
        long[] macs = new long[Precision.values().length];
        int[] layers = new int[Precision.values().length];
        for (Node node : prepared.graph().layers()) {
            Node source = prepared.source().find(node.name()).orElse(node);
            Precision precision = prepared.precisions().getOrDefault(node.name(), Precision.FP32);
            if (Layers.weighted(source.op())) {
                layers[precision.ordinal()]++;
                macs[precision.ordinal()] += Cost.of(source).macs();
            }
        }
        long all = macs[0] + macs[1] + macs[2];
        begin("Layers with weights");
        html.element("p", layers[Precision.INT8.ordinal()] + " int8", "class", "big");
        end((layers[Precision.BINARY.ordinal()] > 0 ? layers[Precision.BINARY.ordinal()] + " binary, " : "")
                + layers[Precision.FP32.ordinal()] + " fp32; int8 computes "
                + Formats.percent(all == 0 ? 0 : (double) macs[Precision.INT8.ordinal()] / all) + " of the MACs");
    }

    private void begin(String name) {
        html.begin("div", "class", "tile").element("p", name, "class", "tile-name");
    }

    private void end(String says) {
        html.element("p", says.replace(" %", "\u00a0%"), "class", "tile-says").end("div");
    }
}
