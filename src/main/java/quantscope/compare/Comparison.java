package quantscope.compare;

import java.util.List;
import quantscope.dataset.SkippedImage;

/**
 * fp32 against converted over the evaluation images.
 *
 * @param layers    error of every comparable layer, in running order
 * @param signFlips of every binary layer
 * @param skipped   unreadable images that were met
 */
public record Comparison(Drift drift, List<LayerError> layers, List<SignFlips> signFlips,
                         List<SkippedImage> skipped) {

    public Comparison {
        layers = List.copyOf(layers);
        signFlips = List.copyOf(signFlips);
        skipped = List.copyOf(skipped);
    }
}
