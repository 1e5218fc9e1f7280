package quantscope.export.report;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import quantscope.figure.Markup;
import quantscope.graph.Node;
import quantscope.ptq.Fix;
import quantscope.ptq.FixKind;
import quantscope.ptq.LayerChoice;
import quantscope.ptq.Precision;
import quantscope.ptq.Specification;
import quantscope.quant.QConfig;

/** What was chosen for which layer, and what was mended for it. */
record ChoiceSection(Markup html, ReportContent content) {

    void write() {
        Specification chosen = content.configuration().specification();
        html.begin("section", "id", "choices").element("h2", "Choices");
        html.element("p", "Layers that are not here run as the file has them. Default qconfig: "
                + words(chosen.defaultQConfig()) + ".", "class", "hint");
        Table table = new Table(html, "Layer", "Precision", "qconfig", "Mended for eager mode");
        Set<String> layers = new LinkedHashSet<>(chosen.layers().keySet());
        chosen.fixes().forEach(fix -> layers.add(fix.layer()));
        for (String layer : layers) {
            LayerChoice choice = chosen.choice(layer);
            Precision precision = choice.precision()
                    .orElseGet(() -> content.prepared().precisions().getOrDefault(layer, Precision.FP32));
            table.row().name(layer).precision(precision).text(choice.qconfig().map(ChoiceSection::words)
                            .orElse(precision == Precision.INT8 ? "default" : ""))
                    .text(chosen.fixes().stream().filter(f -> f.layer().equals(layer)).map(this::what)
                            .collect(Collectors.joining("; "))).endRow();
        }
        table.end();
        html.end("section");
    }

    private static String words(QConfig own) {
        return "activations " + Words.observer(own.activation()) + "; weights " + Words.observer(own.weight());
    }

    private String what(Fix fix) {
        if (fix.kind() != FixKind.FUSE) {
            return Words.fix(fix.kind());
        }
        List<String> parts = content.prepared().graph().layers().stream().map(Node::name)
                .filter(n -> fix.layer().equals(content.prepared().fusedInto().get(n))).toList();
        return Words.fix(fix.kind()) + (parts.isEmpty() ? "" : ": " + String.join(", ", parts));
    }
}
