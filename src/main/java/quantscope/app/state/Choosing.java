package quantscope.app.state;

import java.util.List;
import java.util.Optional;
import quantscope.app.text.Texts;
import quantscope.graph.Node;
import quantscope.ptq.Fix;
import quantscope.ptq.FixKind;
import quantscope.ptq.Obstacle;
import quantscope.ptq.Precision;
import quantscope.ptq.Specification;
import quantscope.quant.QConfig;

/** What the user can choose for layers; every choice is one step that can be undone. */
public final class Choosing {

    private final Workspace workspace;
    private final Texts texts = Texts.of("state");

    public Choosing(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Which precisions a layer can be given; empty for stubs and for layers that only move values. */
    public List<Precision> offered(String layer) {
        return source(layer).filter(n -> Layers.weighted(n.op()) || tickable(layer))
                .map(n -> Layers.binary(n.op())
                        ? List.of(Precision.FP32, Precision.INT8, Precision.BINARY)
                        : List.of(Precision.FP32, Precision.INT8))
                .orElse(List.of());
    }

    /** Whether a tick for int8 makes sense: the layer is one of the model's and nothing blocks it. */
    public boolean tickable(String layer) {
        return source(layer).isPresent() && workspace.prepared()
                .filter(p -> p.precisions().containsKey(layer) && !p.fusedInto().containsKey(layer)
                        && p.obstacles(layer).stream().noneMatch(Obstacle::blocking)).isPresent();
    }

    public boolean ticked(String layer) {
        return precision(layer) == Precision.INT8;
    }

    /** What the layer runs in as chosen. */
    public Precision precision(String layer) {
        return workspace.prepared().map(p -> p.precisions().getOrDefault(layer, Precision.FP32))
                .orElse(Precision.FP32);
    }

    /** Ticks a layer for int8, or takes the tick away. */
    public void toggle(String layer) {
        if (tickable(layer) || ticked(layer)) {
            setPrecision(layer, ticked(layer)
                    ? source(layer).map(Layers::natural).orElse(Precision.FP32) : Precision.INT8);
        }
    }

    public void setPrecision(String layer, Precision precision) {
        Optional<Precision> choice = Optional.of(precision)
                .filter(p -> source(layer).filter(n -> Layers.natural(n) == p).isEmpty());
        workspace.change(texts.text("step.precision", layer, precision.label()),
                specification().withPrecision(layer, choice));
    }

    /** @param qconfig empty takes the default again */
    public void setQConfig(String layer, Optional<QConfig> qconfig) {
        workspace.change(texts.text(qconfig.isPresent() ? "step.qconfig" : "step.qconfigDefault", layer),
                specification().withQConfig(layer, qconfig));
    }

    public void setDefaultQConfig(QConfig qconfig) {
        workspace.change(texts.text("step.defaultQConfig"), specification().withDefaultQConfig(qconfig));
    }

    public void applyFix(Fix fix) {
        workspace.change(describe(fix), specification().withFix(fix));
    }

    public void withdrawFix(Fix fix) {
        workspace.change(texts.text("step.withdraw", describe(fix)), specification().withoutFix(fix));
    }

    /** What a fix does, for its button. */
    public String describe(Fix fix) {
        return texts.text("fix." + fix.kind(), fix.layer());
    }

    /** A short word for a fix, for a narrow button. */
    public String verb(FixKind kind) {
        return texts.text("verb." + kind);
    }

    /** Layers that a preset may tick, in order: with a weight and not binary. */
    private List<String> candidates() {
        return workspace.model().stream().flatMap(m -> m.model().graph().layers().stream())
                .filter(n -> Layers.weighted(n.op()) && !Layers.binary(n.op())).map(Node::name).toList();
    }

    /** The first layer with a weight, which a preset is named after. */
    public Optional<String> firstLayer() {
        return candidates().stream().findFirst();
    }

    public void firstOnly() {
        firstLayer().ifPresent(first ->
                workspace.change(texts.text("preset.firstOnly", first), int8(List.of(first))));
    }

    public void allButFirstAndLast() {
        List<String> all = candidates();
        workspace.change(texts.text("preset.inner"), int8(all.size() < 3 ? List.of() : all.subList(1, all.size() - 1)));
    }

    public void everything() {
        workspace.change(texts.text("preset.everything"), int8(candidates()));
    }

    public void nothing() {
        workspace.change(texts.text("preset.nothing"), int8(List.of()));
    }

    /** Precision choices are replaced; qconfigs and fixes stay. */
    private Specification int8(List<String> layers) {
        Specification next = specification();
        for (String chosen : List.copyOf(next.layers().keySet())) {
            next = next.withPrecision(chosen, Optional.empty());
        }
        for (String layer : layers) {
            next = next.withPrecision(layer, Optional.of(Precision.INT8));
        }
        return next;
    }

    private Optional<Node> source(String layer) {
        return workspace.model().flatMap(m -> m.model().graph().find(layer));
    }

    private Specification specification() {
        return workspace.specification();
    }

}
