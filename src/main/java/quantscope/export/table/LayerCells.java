package quantscope.export.table;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import quantscope.compare.Comparison;
import quantscope.compare.ErrorMetrics;
import quantscope.compare.LayerError;
import quantscope.compare.SignFlips;
import quantscope.export.Exportable;
import quantscope.graph.Cost;
import quantscope.graph.Graph;
import quantscope.graph.ModuleUse;
import quantscope.graph.Node;
import quantscope.graph.ValueType;
import quantscope.ptq.Convert;
import quantscope.ptq.Precision;
import quantscope.ptq.Prepared;
import quantscope.quant.ObserverSpec;
import quantscope.quant.Profile;
import quantscope.quant.QConfig;
import quantscope.quant.QuantParams;
import quantscope.quant.QuantizedTensor;
import quantscope.run.SaturationProbe;
import quantscope.tensor.Shape;

/** The columns of the layer table; what is not known of a layer, or makes no sense for it, is empty. */
final class LayerCells {

    /** A column's head and what stands below it. */
    private record Column(String head, Cell cell) { }

    @FunctionalInterface
    private interface Cell {
        Optional<?> of(Node layer);
    }

    private final Exportable exportable;
    private final Prepared prepared;
    private final Graph converted;

    LayerCells(Exportable exportable) {
        this.exportable = exportable;
        this.prepared = exportable.prepared();
        this.converted = Convert.run(prepared, exportable.calibration());
    }

    List<String> heads() {
        return columns().stream().map(Column::head).toList();
    }

    List<String> row(Node layer) {
        return columns().stream().map(c -> c.cell().of(layer).map(String::valueOf).orElse("")).toList();
    }

    private List<Column> columns() {
        return List.of(
                new Column("layer", n -> Optional.of(n.name())),
                new Column("kind", n -> Optional.of(n.op().kind())),
                new Column("module", n -> n.origin().module().map(ModuleUse::path)),
                new Column("output_shape", n -> n.shape().map(LayerCells::text)),
                new Column("precision", n -> Optional.of(precision(n).label())),
                new Column("fused_into", n -> Optional.ofNullable(prepared.fusedInto().get(n.name()))),
                new Column("activation_observer", n -> observed(n).map(QConfig::activation).map(LayerCells::text)),
                new Column("weight_observer", n -> weight(n).flatMap(_ -> observed(n)).map(QConfig::weight)
                        .map(LayerCells::text)),
                new Column("in_scale", n -> in(n).map(QuantParams.PerTensor::scale)),
                new Column("in_zero_point", n -> in(n).map(QuantParams.PerTensor::zeroPoint)),
                new Column("out_scale", n -> out(n).map(QuantParams.PerTensor::scale)),
                new Column("out_zero_point", n -> out(n).map(QuantParams.PerTensor::zeroPoint)),
                new Column("weight_scales", n -> weight(n).map(w -> scales(w).length)),
                new Column("weight_scale_min", n -> weight(n).map(w -> range(scales(w))[0])),
                new Column("weight_scale_max", n -> weight(n).map(w -> range(scales(w))[1])),
                new Column("parameters", n -> Optional.of(Cost.of(n).parameters())),
                new Column("macs", n -> Optional.of(Cost.of(n).macs())),
                new Column("sqnr_db", n -> error(n).map(ErrorMetrics::sqnrDb).map(LayerCells::decibels)),
                new Column("mse", n -> error(n).map(ErrorMetrics::mse)),
                new Column("cosine", n -> error(n).map(ErrorMetrics::cosine)),
                new Column("max_error", n -> error(n).map(ErrorMetrics::maxError)),
                new Column("sign_flip_rate", this::signFlips),
                new Column("computed_by", n -> exportable.comparison().map(c -> c.kernels().get(n.name()))),
                new Column("can_saturate_without_vnni", this::canSaturate));
    }

    private Precision precision(Node layer) {
        return prepared.precisions().getOrDefault(layer.name(), Precision.FP32);
    }

    /** The qconfig of a layer that is observed itself. */
    private Optional<QConfig> observed(Node layer) {
        return prepared.observers().stream().filter(o -> o.node().equals(layer.name())).map(o -> o.qconfig()).findFirst();
    }

    private Optional<QuantizedTensor> weight(Node layer) {
        return Optional.ofNullable(exportable.calibration().weights().get(layer.name()));
    }

    /** Of a layer's first input, as it stands in the converted graph. */
    private Optional<QuantParams.PerTensor> in(Node layer) {
        return converted.find(layer.name()).filter(_ -> precision(layer) == Precision.INT8)
                .flatMap(n -> n.inputs().stream().findFirst()).map(converted::node).flatMap(LayerCells::levels);
    }

    /** Of a layer's value; of a fused group all layers have that of the last. */
    private Optional<QuantParams.PerTensor> out(Node layer) {
        return converted.find(prepared.valueNode(layer.name())).flatMap(LayerCells::levels);
    }

    private static Optional<QuantParams.PerTensor> levels(Node node) {
        return switch (node.type()) {
            case ValueType.Float32 _ -> Optional.empty();
            case ValueType.Int8 i -> Optional.of(i.params());
        };
    }

    private static float[] scales(QuantizedTensor weight) {
        return switch (weight.params()) {
            case QuantParams.PerTensor p -> new float[] {p.scale()};
            case QuantParams.PerChannel p -> p.scales();
        };
    }

    private static float[] range(float[] values) {
        float[] range = {values[0], values[0]};
        for (float value : values) {
            range[0] = Math.min(range[0], value);
            range[1] = Math.max(range[1], value);
        }
        return range;
    }

    private Optional<ErrorMetrics> error(Node layer) {
        return exportable.comparison().map(Comparison::layers).stream().flatMap(List::stream)
                .filter(e -> e.layer().equals(layer.name())).map(LayerError::metrics).findFirst();
    }

    private Optional<Double> signFlips(Node layer) {
        return exportable.comparison().map(Comparison::signFlips).stream().flatMap(List::stream)
                .filter(f -> f.layer().equals(layer.name())).map(SignFlips::rate).findFirst();
    }

    /** Whether some image could make vpmaddubsw saturate; empty where the backend never uses it for the layer. */
    private Optional<Boolean> canSaturate(Node layer) {
        Profile risky = converted.profile().withoutVnni();
        if (!risky.saturates() || weight(layer).isEmpty()) {
            return Optional.empty();
        }
        return SaturationProbe.of(converted, converted.node(layer.name()), risky).map(p -> !p.safe());
    }

    private static String text(Shape shape) {
        return shape.dims().stream().map(String::valueOf).collect(Collectors.joining("x"));
    }

    private static String text(ObserverSpec spec) {
        return spec.kind().torchName() + " " + spec.dtype().name().toLowerCase(java.util.Locale.ROOT) + " "
                + spec.scheme().name().toLowerCase(java.util.Locale.ROOT) + (spec.reduceRange() ? " reduce_range" : "");
    }

    private static String decibels(double value) {
        return Double.isInfinite(value) ? "inf" : String.valueOf(value);
    }
}
