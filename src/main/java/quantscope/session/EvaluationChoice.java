package quantscope.session;

/**
 * Which images a comparison runs over, where it is not the job's own evaluation part.
 *
 * @param withoutCalibration leaves the calibration images out, unless no others are there
 * @param limit              at most this many
 * @param seed               of the shuffle that orders them
 */
public record EvaluationChoice(boolean withoutCalibration, int limit, long seed) { }
