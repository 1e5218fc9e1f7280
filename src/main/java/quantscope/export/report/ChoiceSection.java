package quantscope.export.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        html.element("p", "Layers that are not here run as the file has them. Default qconfig: activations "
                + Words.observer(chosen.defaultQConfig().activation()) + "; weights "
                + Words.observer(chosen.defaultQConfig().weight()) + ".", "class", "hint");
        Table table = new Table(html, "Layer", "Precision", "qconfig", "Activation observer", "Weight observer");
        for (Map.Entry<String, LayerChoice> entry : chosen.layers().entrySet()) {
            LayerChoice choice = entry.getValue();
            Precision precision = choice.precision()
                    .orElseGet(() -> content.prepared().precisions().getOrDefault(entry.getKey(), Precision.FP32));
            Optional<QConfig> qconfig = precision == Precision.INT8
                    ? Optional.of(chosen.qconfig(entry.getKey())) : Optional.empty();
            table.row().name(entry.getKey()).precision(precision)
                    .text(qconfig.isEmpty() ? "" : choice.qconfig().isPresent() ? "its own" : "default")
                    .text(qconfig.map(q -> Words.observer(q.activation())).orElse(""))
                    .text(qconfig.map(q -> Words.observer(q.weight())).orElse("")).endRow();
        }
        table.end();
        if (!chosen.fixes().isEmpty()) {
            html.element("h3", "Mended for eager mode");
            Table fixes = new Table(html, "Layer", "What");
            for (Fix fix : chosen.fixes()) {
                fixes.row().name(fix.layer()).text(what(fix)).endRow();
            }
            fixes.end();
        }
        html.end("section");
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
