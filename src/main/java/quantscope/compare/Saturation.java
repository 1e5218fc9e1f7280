package quantscope.compare;

import java.util.List;
import quantscope.quant.Profile;

/**
 * A forecast for a CPU without VNNI.
 *
 * @param profile where the network would run; it saturates, or the backend never does and there are no layers
 * @param images  how many were run
 * @param layers  int8 layers with weights that the backend multiplies by vpmaddubsw, in running order
 */
public record Saturation(Profile profile, int images, List<LayerSaturation> layers) {

    public Saturation {
        layers = List.copyOf(layers);
    }

    /** Layers of which at least one output saturates. */
    public List<LayerSaturation> saturating() {
        return layers.stream().filter(l -> l.saturating() > 0).toList();
    }
}
