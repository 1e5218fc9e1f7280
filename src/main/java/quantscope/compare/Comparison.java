package quantscope.compare;

import java.util.List;

/**
 * fp32 against converted over the evaluation images.
 *
 * @param layers    error of every comparable layer, in running order
 * @param signFlips of every binary layer
 */
public record Comparison(Drift drift, List<LayerError> layers, List<SignFlips> signFlips) {

    public Comparison {
        layers = List.copyOf(layers);
        signFlips = List.copyOf(signFlips);
    }
}
