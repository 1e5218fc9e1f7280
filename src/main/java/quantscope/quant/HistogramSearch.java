package quantscope.quant;

/**
 * HistogramObserver's search for the clip range that loses least in the L2 norm, after {@code _non_linear_param_search}:
 * two quantile bounds move inwards by 1e-5 each; whichever would pass more bins moves, until the error grows. The
 * 256 levels of the whole type are modelled even with reduced range.
 *
 * <p>PyTorch computes the error in float32, this in double; it has picked the same bins in every golden case.
 */
final class HistogramSearch {

    private static final double STEP = 1e-5;
    private static final int LEVELS = 256;

    private final float[] histogram;
    private final float min;
    private final float max;
    private final float[] cumulative;
    private final double total;

    HistogramSearch(float[] histogram, float min, float max) {
        this.histogram = histogram;
        this.min = min;
        this.max = max;
        this.cumulative = new float[histogram.length];
        double sum = 0;
        for (int i = 0; i < histogram.length; i++) {
            sum += histogram[i];
            cumulative[i] = (float) sum;
        }
        this.total = (float) sum;
    }

    ObservedRange clipRange() {
        int start = 0;
        int end = histogram.length - 1;
        int left = 0;
        int right = end;
        double alpha = 0;
        double beta = 1;
        double best = Double.POSITIVE_INFINITY;
        while (alpha < beta) {
            double nextAlpha = alpha + STEP;
            double nextBeta = beta - STEP;
            left = Math.max(left, start);
            right = Math.min(right, end);
            while (left < end && cumulative[left] < nextAlpha * total) {
                left++;
            }
            while (right > start && cumulative[right] > nextBeta * total) {
                right--;
            }
            int nextStart = start;
            int nextEnd = end;
            if (left - start > end - right) {
                nextStart = left;
                alpha = nextAlpha;
            } else {
                nextEnd = right;
                beta = nextBeta;
            }
            if (nextStart == start && nextEnd == end) {
                continue;
            }
            double error = error(nextStart, nextEnd);
            if (error > best) {
                break;
            }
            best = error;
            start = nextStart;
            end = nextEnd;
        }
        float width = (max - min) / histogram.length;
        return ObservedRange.of(min + width * start, min + width * (end + 1));
    }

    /**
     * The integral of the squared rounding error where the bins from start to end share 256 levels. A bin from b to e
     * spans parts of levels with centres c: [(d/2)^3 - (b - c_b)^3] / 3 in the first, 2 (d/2)^3 / 3 in each between,
     * [(e - c_e)^3 + (d/2)^3] / 3 in the last, each times the bin's density; d is a level's width.
     */
    private double error(int start, int end) {
        double width = ((double) max - min) / histogram.length;
        double level = width * (end - start + 1) / LEVELS;
        if (level == 0) {
            return 0;
        }
        double half = level / 2;
        double cube = half * half * half;
        double sum = 0;
        for (int i = 0; i < histogram.length; i++) {
            if (histogram[i] == 0) {
                continue;
            }
            double begin = (i - start) * width;
            double finish = begin + width;
            double firstLevel = Math.clamp(Math.floor(begin / level), 0, LEVELS - 1);
            double lastLevel = Math.clamp(Math.floor(finish / level), 0, LEVELS - 1);
            double toBegin = begin - (firstLevel + 0.5) * level;
            double toFinish = finish - (lastLevel * level + half);
            double norm = (cube - toBegin * toBegin * toBegin) / 3 + (lastLevel - firstLevel - 1) * 2 * cube / 3
                    + (toFinish * toFinish * toFinish + cube) / 3;
            sum += histogram[i] / width * norm;
        }
        return sum;
    }
}
