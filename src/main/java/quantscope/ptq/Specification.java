package quantscope.ptq;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import quantscope.graph.Graph;
import quantscope.quant.Profile;
import quantscope.quant.QConfig;

/**
 * Everything the user has chosen about a model, and nothing that is computed from it. Immutable: each change makes
 * a new one, so undo is a list of these.
 *
 * @param layers         by layer name; a layer that is not here has {@link LayerChoice#NONE}
 * @param fixes          what is to be mended
 * @param defaultQConfig for int8 layers without a qconfig of their own
 * @param profile        where the network will run
 */
public record Specification(Map<String, LayerChoice> layers, Set<Fix> fixes, QConfig defaultQConfig,
                            Profile profile) {

    /** Nothing chosen; fbgemm and its default qconfig. */
    public static final Specification EMPTY = new Specification(Map.of(), Set.of(), QConfig.FBGEMM, Profile.FBGEMM);

    /** Nothing chosen yet for a model: where it will run is what its int8 layers, if it has any, were made for. */
    public static Specification startingWith(Graph graph) {
        return EMPTY.withProfile(graph.profile());
    }

    public Specification {
        layers = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(layers));
        fixes = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(fixes));
    }

    public LayerChoice choice(String layer) {
        return layers.getOrDefault(layer, LayerChoice.NONE);
    }

    public QConfig qconfig(String layer) {
        return choice(layer).qconfig().orElse(defaultQConfig);
    }

    /** @param precision empty takes the choice back */
    public Specification withPrecision(String layer, Optional<Precision> precision) {
        return withChoice(layer, new LayerChoice(precision, choice(layer).qconfig()));
    }

    /** @param qconfig empty takes the default */
    public Specification withQConfig(String layer, Optional<QConfig> qconfig) {
        return withChoice(layer, new LayerChoice(choice(layer).precision(), qconfig));
    }

    private Specification withChoice(String layer, LayerChoice choice) {
        Map<String, LayerChoice> changed = new LinkedHashMap<>(layers);
        if (choice.equals(LayerChoice.NONE)) {
            changed.remove(layer);
        } else {
            changed.put(layer, choice);
        }
        return new Specification(changed, fixes, defaultQConfig, profile);
    }

    public Specification withFix(Fix fix) {
        Set<Fix> changed = new LinkedHashSet<>(fixes);
        changed.add(fix);
        return new Specification(layers, changed, defaultQConfig, profile);
    }

    public Specification withoutFix(Fix fix) {
        Set<Fix> changed = new LinkedHashSet<>(fixes);
        changed.remove(fix);
        return new Specification(layers, changed, defaultQConfig, profile);
    }

    public Specification withDefaultQConfig(QConfig qconfig) {
        return new Specification(layers, fixes, qconfig, profile);
    }

    /** The default qconfig follows to the new profile's own where it is the old one's own. */
    public Specification withProfile(Profile other) {
        return new Specification(layers, fixes,
                defaultQConfig.equals(profile.defaultQConfig()) ? other.defaultQConfig() : defaultQConfig, other);
    }
}
