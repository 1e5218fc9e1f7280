package quantscope.compare;

/** A closed interval of shares, 0 to 1. */
public record Interval(double low, double high) { }
