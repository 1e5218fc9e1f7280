package quantscope.export.report;

import java.util.Locale;
import quantscope.compare.LayerSaturation;
import quantscope.compare.Saturation;
import quantscope.figure.Markup;

/** What a CPU without VNNI would clamp. */
record SaturationSection(Markup html, ReportContent content) {

    void write() {
        content.saturation().filter(s -> s.profile().saturates()).ifPresent(this::write);
    }

    private void write(Saturation saturation) {
        html.begin("section", "id", "saturation").element("h2", "Saturation without VNNI")
                .element("p", "On " + Words.profile(saturation.profile()) + ", sums of two products are clamped to 16 bits. Over "
                        + SummarySection.images(saturation.images()) + ", " + saturation.saturating().size() + " of "
                        + saturation.layers().size() + " int8 layers are touched. Weights of 7 bits mend a layer.",
                        "class", "hint");
        Table table = new Table(html, "Layer", "#Dot products", "#Saturating", "#Outputs moved", "#Largest move", "");
        for (LayerSaturation l : saturation.layers()) {
            table.row().name(l.layer()).count(l.dotProducts())
                    .number(l.saturatingShare(), String.format(Locale.ROOT, "%.4f %%", 100 * l.saturatingShare()))
                    .number(l.movedShare(), String.format(Locale.ROOT, "%.4f %%", 100 * l.movedShare()))
                    .number(l.largestMove(), l.largestMove() == 1 ? "1 level" : l.largestMove() + " levels")
                    .text(l.safe() ? "cannot saturate" : "").endRow();
        }
        table.end();
        html.end("section");
    }
}
