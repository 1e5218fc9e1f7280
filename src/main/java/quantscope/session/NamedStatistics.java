package quantscope.session;

/**
 * Moments of one tensor, computed by ND4J.
 *
 * @param tensor   which: "weight", "input", "output", each "fp32" or "int8"
 * @param mean     arithmetic mean
 * @param std      standard deviation of the population
 * @param absMean  mean magnitude
 * @param zeros    share of elements that are exactly 0
 * @param elements how many there are
 */
public record NamedStatistics(String tensor, double mean, double std, double min, double max, double absMean,
                              double zeros, long elements) { }
