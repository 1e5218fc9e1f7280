package quantscope.compare;

/**
 * How far a value is from its fp32 original, over all elements of all images.
 *
 * @param sqnrDb   10 log10(sum x^2 / sum (x - y)^2); infinite where nothing differs
 * @param cosine   of the angle between both, -1 to 1; 1 where both are zero
 * @param mse      mean squared error
 * @param maxError largest absolute difference
 */
public record ErrorMetrics(double sqnrDb, double cosine, double mse, double maxError) { }
