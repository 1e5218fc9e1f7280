package quantscope.compare;

/**
 * How many signs change at the input of a binary layer.
 *
 * @param layer the binary layer
 * @param rate  share of the layer's input elements whose sign (-1, 0, +1) differs from the fp32 network's
 */
public record SignFlips(String layer, double rate) { }
