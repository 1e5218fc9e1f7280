package quantscope.bench;

/**
 * How a peer's answers compare with ours. Int8 answers differ by a level or two where sums are rounded otherwise; a
 * peer that saturates inside differs by much more.
 *
 * @param sameTop1          share of images
 * @param largestDifference of any answer, as a share of our largest answer's magnitude
 */
record Agreement(double sameTop1, double largestDifference) {

    /** Sums in another order differ in the last bits; levels that round otherwise move an answer by some levels. */
    private static final double FP32 = 1e-3;
    private static final double INT8 = 0.1;

    /** Whether the peer computes the same. */
    boolean holds(String precision) {
        return precision.equals("fp32") ? sameTop1 == 1 && largestDifference < FP32 : largestDifference < INT8;
    }

    static Agreement of(float[] ours, float[] theirs, int images) {
        int each = ours.length / images;
        int same = 0;
        double largest = 0;
        double difference = 0;
        for (int image = 0; image < images; image++) {
            same += top(ours, image * each, each) == top(theirs, image * each, each) ? 1 : 0;
        }
        for (int i = 0; i < ours.length; i++) {
            largest = Math.max(largest, Math.abs(ours[i]));
            difference = Math.max(difference, Math.abs(ours[i] - theirs[i]));
        }
        return new Agreement((double) same / images, difference / largest);
    }

    private static int top(float[] answers, int from, int n) {
        int top = 0;
        for (int i = 1; i < n; i++) {
            top = answers[from + i] > answers[from + top] ? i : top;
        }
        return top;
    }
}
