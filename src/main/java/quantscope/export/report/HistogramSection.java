package quantscope.export.report;

import java.util.Locale;
import java.util.Optional;
import quantscope.compare.ActivationInsight;
import quantscope.compare.ErrorMetrics;
import quantscope.compare.LayerInsight;
import quantscope.compare.WeightInsight;
import quantscope.figure.Formats;
import quantscope.figure.Markup;
import quantscope.ptq.Precision;
import quantscope.quant.QuantParams;

/** Weight, input and output of every int8 layer, side by side. */
record HistogramSection(Markup html, ReportContent content) {

    void write() {
        html.begin("section", "id", "histograms").element("h2", "Histograms of the int8 layers")
                .element("p", "Weights, and activations over the calibration images. fp32 is drawn in values per width of a "
                        + "level, so that equally many values cover equal areas. An arrowhead stands over what reaches beyond "
                        + "the top.", "class", "hint");
        html.begin("p", "class", "legend");
        key("swatch-fp32", "fp32");
        key("swatch-int8", "int8, dequantized");
        key("swatch-clip", "clip range");
        key("swatch-planned", "observer’s range");
        html.end("p");
        content.insights().forEach(this::layer);
        html.end("section");
    }

    private void key(String style, String says) {
        html.begin("span", "class", "key").element("span", "", "class", "swatch " + style).text(says).end("span").text(" ");
    }

    private void layer(LayerInsight insight) {
        html.begin("div", "class", "layer").begin("h3").element("span", insight.layer(), "class", "name").text(" ");
        Table.chip(html, Precision.INT8);
        html.begin("small").text(content.prepared().source().find(insight.layer())
                .map(n -> n.op().kind() + "  ·  " + Formats.shape(n.shape())).orElse("")).end("small").end("h3")
                .begin("div", "class", "multiples");
        insight.weight().ifPresent(this::weight);
        activation("Input", insight.input());
        activation("Output", insight.output());
        html.end("div").end("div");
    }

    private void weight(WeightInsight weight) {
        figure("Weight", errors(weight.metrics()));
        new HistogramSvg(html, weight.overall(), Optional.empty(), Optional.empty()).draw("Weight");
        html.end("figure");
    }

    private void activation(String name, ActivationInsight activation) {
        figure(name, activation.params().map(HistogramSection::params).orElse("fp32") + ", " + errors(activation.metrics()));
        new HistogramSvg(html, activation.histograms(), activation.clip(), activation.planned()).draw(name);
        html.end("figure");
    }

    private void figure(String name, String says) {
        html.begin("figure", "class", name.toLowerCase(Locale.ROOT)).begin("figcaption").element("b", name)
                .element("span", says, "class", "says").end("figcaption");
    }

    private static String params(QuantParams.PerTensor params) {
        return String.format(Locale.ROOT, "scale %s, zero point %d", Formats.brief(params.scale()), params.zeroPoint());
    }

    private static String errors(ErrorMetrics metrics) {
        return Double.isInfinite(metrics.sqnrDb()) ? "nothing differs" : "SQNR " + Formats.decibel(metrics.sqnrDb());
    }
}
