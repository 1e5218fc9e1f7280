package quantscope.compare;

import java.util.List;
import java.util.Map;
import quantscope.dataset.SkippedImage;

/**
 * fp32 against converted over the evaluation images.
 *
 * @param layers    error of every comparable layer, in running order
 * @param signFlips of every binary layer
 * @param skipped   unreadable images that were met
 * @param kernels   what multiplied in each layer of the converted network: {@link quantscope.run.Executable#ways}
 */
public record Comparison(Drift drift, List<LayerError> layers, List<SignFlips> signFlips,
                         List<SkippedImage> skipped, Map<String, String> kernels) {

    public Comparison {
        layers = List.copyOf(layers);
        signFlips = List.copyOf(signFlips);
        skipped = List.copyOf(skipped);
        kernels = Map.copyOf(kernels);
    }
}
