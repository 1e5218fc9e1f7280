package quantscope.compare;

import java.util.Optional;

/**
 * All there is to see inside of one layer.
 *
 * @param weight    for a layer with a weight: int8 layers against their quantized weight, binary ones against
 *                  +-alpha of the latent weight where that differs; empty for fp32 layers without quantized weight
 * @param input     the layer's (first) input
 * @param output    the layer's output, of a fused group the last one's
 * @param signFlips for a binary layer
 */
public record LayerInsight(String layer, Optional<WeightInsight> weight, ActivationInsight input,
                           ActivationInsight output, Optional<SignFlips> signFlips) { }
