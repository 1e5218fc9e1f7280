package quantscope.session;

/**
 * The engine's fp32 run against ND4J's independent one, layer by layer: each layer of the reference computes from the
 * engine's own input of that layer, so that a difference belongs to the layer where it is shown.
 *
 * @param images            how many images were run
 * @param largestDifference largest absolute difference over all images and all fp32 layers that the
 *                          reference computes
 * @param relative          the same, divided by the largest magnitude in the layer where it occurs
 * @param layer             where
 * @param reference         what computed it, with its version
 */
public record SelfCheck(int images, double largestDifference, double relative, String layer, String reference) { }
