package quantscope.session;

/**
 * The engine's fp32 run against ND4J's independent one.
 *
 * @param images            how many images were run
 * @param largestDifference largest absolute difference over all layers and images
 * @param relative          the same, divided by the largest magnitude in the layer where it occurs
 * @param layer             where
 * @param reference         what computed it, with its version
 */
public record SelfCheck(int images, double largestDifference, double relative, String layer, String reference) { }
