package quantscope.app.layers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import quantscope.compare.Comparison;
import quantscope.compare.LayerError;
import quantscope.figure.Formats;
import quantscope.figure.Layers;
import quantscope.graph.Cost;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.graph.QuantFacts;
import quantscope.ptq.Precision;
import quantscope.quant.QuantParams;
import quantscope.ptq.Prepared;

/**
 * A layer in the table.
 *
 * @param sqnr   of its output in decibels, after a comparison
 * @param params of its output, where the model file has it in int8
 */
record LayerRow(String name, String kind, String shape, Cost cost, Precision precision, Optional<String> fusedInto,
                Optional<Double> sqnr, int obstacles, boolean weighted, Optional<QuantParams.PerTensor> params) {

    /** All layers of the model in running order; stubs are not layers. */
    static List<LayerRow> of(Prepared prepared, Optional<Comparison> comparison) {
        Map<String, Double> errors = new HashMap<>();
        comparison.ifPresent(c -> {
            for (LayerError e : c.layers()) {
                errors.put(e.layer(), e.metrics().sqnrDb());
            }
        });
        List<LayerRow> rows = new ArrayList<>();
        for (Node node : prepared.source().layers()) {
            String name = node.name();
            rows.add(new LayerRow(name, node.op().kind(), Formats.shape(node.shape()), Cost.of(node),
                    prepared.precisions().getOrDefault(name, Precision.FP32),
                    Optional.ofNullable(prepared.fusedInto().get(name)), Optional.ofNullable(errors.get(name)),
                    prepared.obstacles(name).size(), Layers.weighted(node.op()) && !(node.op() instanceof Op.Input),
                    QuantFacts.params(node)));
        }
        return List.copyOf(rows);
    }

    /** Whether a filter's text occurs in what is written in the row. */
    boolean matches(String filter) {
        String wanted = filter.strip().toLowerCase(java.util.Locale.ROOT);
        return wanted.isEmpty() || (name + " " + kind + " " + precision.label())
                .toLowerCase(java.util.Locale.ROOT).contains(wanted);
    }
}
