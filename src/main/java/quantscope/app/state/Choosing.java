package quantscope.app.state;

import java.util.List;
import java.util.Optional;
import quantscope.app.text.Texts;
import quantscope.graph.Node;
import quantscope.ptq.Fix;
import quantscope.ptq.Precision;
import quantscope.ptq.Preset;
import quantscope.ptq.Specification;
import quantscope.ptq.Ticks;
import quantscope.quant.Profile;
import quantscope.quant.QConfig;

/** What the user can choose for layers; every choice is one step that can be undone. */
public final class Choosing {

    private final Workspace workspace;
    private final Texts texts = Texts.of("state");

    public Choosing(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Which precisions a layer can be given; empty for stubs and for layers without an int8 kernel. */
    public List<Precision> offered(String layer) {
        return source(layer).map(Ticks::choices).orElse(List.of());
    }

    /** Whether a tick for int8 makes sense; what blocks it must be mendable, a tick mends it in the same step. */
    public boolean tickable(String layer) {
        return offered(layer).contains(Precision.INT8) && workspace.prepared()
                .filter(p -> p.precisions().containsKey(layer) && !p.fusedInto().containsKey(layer)
                        && p.obstacles(layer).stream().noneMatch(o -> o.blocking() && o.fix().isEmpty())).isPresent();
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
            setPrecision(layer, ticked(layer) ? source(layer).map(Ticks::natural).orElse(Precision.FP32)
                    : Precision.INT8);
        }
    }

    /** Chooses a precision; for int8, what blocks it is mended in the same step. */
    public void setPrecision(String layer, Precision precision) {
        workspace.model().map(m -> m.model().graph()).ifPresent(graph -> workspace.change(
                texts.text("step.precision", layer, precision.label()),
                Ticks.tick(graph, specification(), layer, precision).specification()));
    }

    /** @param qconfig empty takes the default again */
    public void setQConfig(String layer, Optional<QConfig> qconfig) {
        workspace.change(texts.text(qconfig.isPresent() ? "step.qconfig" : "step.qconfigDefault", layer),
                specification().withQConfig(layer, qconfig));
    }

    public void setDefaultQConfig(QConfig qconfig) {
        workspace.change(texts.text("step.defaultQConfig"), specification().withDefaultQConfig(qconfig));
    }

    /** Chooses where the network will run; the default qconfig follows where it is the backend's own. */
    public void setProfile(Profile profile) {
        if (profile != specification().profile()) {
            workspace.change(texts.text("step.profile", describe(profile)), specification().withProfile(profile));
        }
    }

    /** The name of a profile. */
    public String describe(Profile profile) {
        return texts.text("profile." + profile);
    }

    /** One sentence about a profile. */
    public String explain(Profile profile) {
        return texts.text("profile." + profile + ".hint");
    }

    /** Gives layers weights of 7 bits, of which no two products saturate, in one step. */
    public void reduceRange(List<String> layers) {
        Specification reduced = specification();
        for (String layer : layers) {
            reduced = reduced.withQConfig(layer, Optional.of(reduced.qconfig(layer).withReducedWeight()));
        }
        workspace.change(texts.text("step.reduceRange", String.join(", ", layers)), reduced);
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

    /** The first layer with a weight, which a preset is named after. */
    public Optional<String> firstLayer() {
        return workspace.model().flatMap(m -> Preset.firstLayer(m.model().graph()));
    }

    /** Applies a preset, and says which layers it left alone although int8 could be chosen for them. */
    public void apply(Preset preset) {
        workspace.model().map(m -> m.model().graph()).ifPresent(graph -> {
            Specification wanted = preset.apply(graph, specification()).specification();
            String step = texts.text("step.preset", describe(preset));
            workspace.change(step, wanted);
            Preset.LeftAlone left = preset.leftAlone(graph);
            if (left.binary() > 0 && specification().equals(wanted)) {
                workspace.tell(step, texts.text("preset.leftAlone", left.binary(), left.forSigns()));
            }
        });
    }

    /** A preset's name. */
    public String describe(Preset preset) {
        return texts.text("preset." + preset, firstLayer().orElse(texts.text("preset.first")));
    }

    private Optional<Node> source(String layer) {
        return workspace.model().flatMap(m -> m.model().graph().find(layer));
    }

    private Specification specification() {
        return workspace.specification();
    }

}
