package quantscope.kernel.emitted;

/**
 * Where a block of weights has what. It begins with bounds; then for each vector of output channels what the sums begin
 * with (-z_x times the weights' sum), the biases, the multipliers; then the weights.
 *
 * @param vectors of output channels
 */
record Int8Layout(Int8Way way, int vectors) {

    /** Lowest level less the zero point, as fp32. */
    static final int LOW = 0;
    /** Highest level less the zero point, as fp32. */
    static final int HIGH = 4;
    static final int ZERO_POINT = 8;

    private static final int HEAD = 64;

    int initial(int v) {
        return HEAD + vectorBytes() * v;
    }

    int bias(int v) {
        return initial(vectors + v);
    }

    int multiplier(int v) {
        return initial(2 * vectors + v);
    }

    int weights() {
        return initial(3 * vectors);
    }

    /** Where the weights of a step, for a vector, begin. */
    long weights(long step, int v) {
        return weights() + (step * vectors + v) * vectorBytes();
    }

    int vectorBytes() {
        return way.bits() / 8;
    }
}
