package quantscope.export.report;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import quantscope.compare.ActivationInsight;
import quantscope.compare.LayerInsight;
import quantscope.compare.WeightInsight;
import quantscope.figure.Formats;
import quantscope.figure.Markup;
import quantscope.ptq.ActivationCalibration;
import quantscope.ptq.ObserverPoint;
import quantscope.quant.QuantParams;

/** What calibration found: scale and zero point of every int8 activation and weight. */
record ScaleSection(Markup html, ReportContent content) {

    void write() {
        html.begin("section", "id", "scales").element("h2", "Scales and zero points");
        activations();
        weights();
        html.end("section");
    }

    private void activations() {
        Map<String, ActivationInsight> insights = new HashMap<>();
        content.insights().forEach(i -> insights.put(i.layer(), i.output()));
        html.element("h3", "Activations").element("p", "Real number = (level − zero point) × scale, levels 0 to 255. Clipped: "
                + "share of the fp32 values over the calibration images that lie outside of the clip range.", "class", "hint");
        Table table = new Table(html, "Where", "Observer", "#Observed", "#Scale", "#Zero point", "#Clip range", "#Clipped");
        for (ObserverPoint point : content.prepared().observers()) {
            ActivationCalibration found = content.calibration().activations().get(point.node());
            QuantParams.PerTensor params = found.params();
            table.row().name(point.node()).text(Words.observer(point.qconfig().activation()))
                    .range(found.observedMin(), found.observedMax()).number(params.scale(), Formats.number(params.scale()))
                    .count(params.zeroPoint()).range(found.clipMin(params.dtype().min()), found.clipMax(params.dtype().max()));
            Optional<ActivationInsight> insight = Optional.ofNullable(insights.get(point.node()))
                    .filter(i -> i.clip().isPresent());
            if (insight.isPresent()) {
                table.number(insight.get().clipped(), String.format(Locale.ROOT, "%.3f %%", 100 * insight.get().clipped()));
            } else {
                table.nothing();
            }
            table.endRow();
        }
        table.end();
    }

    private void weights() {
        html.element("h3", "Weights").element("p", "Levels −128 to 127. Bits: entropy of the levels, of the 8 bits that each "
                + "weight takes.", "class", "hint");
        Table table = new Table(html, "Layer", "Shape", "Scales", "#Scale", "#Zero point", "#SQNR", "#Max error", "#Levels",
                "#Bits");
        for (LayerInsight insight : content.insights()) {
            insight.weight().ifPresent(weight -> row(table, insight.layer(), weight));
        }
        table.end();
    }

    private static void row(Table table, String layer, WeightInsight weight) {
        int channels = weight.params() instanceof QuantParams.PerChannel p ? p.channels() : 1;
        float low = Float.MAX_VALUE;
        float high = 0;
        int lowZero = Integer.MAX_VALUE;
        int highZero = Integer.MIN_VALUE;
        for (int c = 0; c < channels; c++) {
            low = Math.min(low, weight.params().scale(c));
            high = Math.max(high, weight.params().scale(c));
            lowZero = Math.min(lowZero, weight.params().zeroPoint(c));
            highZero = Math.max(highZero, weight.params().zeroPoint(c));
        }
        table.row().name(layer).whole(weight.shape().dims().stream().map(String::valueOf)
                        .collect(java.util.stream.Collectors.joining(" × ")))
                .text(weight.params() instanceof QuantParams.PerChannel ? channels + ", per channel" : "one")
                .range(low, high).range(lowZero, highZero).sqnr(weight.metrics().sqnrDb()).brief(weight.metrics().maxError())
                .count(weight.levels().used()).number(weight.levels().bits(),
                        String.format(Locale.ROOT, "%.2f", weight.levels().bits())).endRow();
    }
}
