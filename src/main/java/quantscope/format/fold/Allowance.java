package quantscope.format.fold;

import java.util.List;

/**
 * How much memory the constants of one file may take once they are computed: some, and a multiple of the weights that it
 * holds. A file of a few bytes can ask for any number of large constants, each of which is no larger than it may be.
 */
public final class Allowance {

    private static final long FREE = 32L << 20;
    private static final long EACH = 16;

    private long most = FREE;
    private long taken;

    /** More for weights that were read. */
    public void grant(Known weights) {
        most += EACH * bytes(weights);
    }

    /**
     * Counts what was computed; the same elements in another shape count nothing.
     *
     * @throws FoldException when all that was computed takes more than the file justifies
     */
    public void take(Known computed, List<Known> operands) {
        if (operands.stream().anyMatch(o -> data(o) == data(computed))) {
            return;
        }
        taken += bytes(computed);
        if (taken > most) {
            throw new FoldException("the constants computed so far take " + taken + " bytes, expected at most " + most
                    + " in a file with so few weights");
        }
    }

    private static Object data(Known known) {
        return switch (known) {
            case Known.Floats f -> f.tensor().data();
            case Known.Longs l -> l.data();
        };
    }

    private static long bytes(Known known) {
        return known.shape().elements() * switch (known) {
            case Known.Floats f -> Float.BYTES;
            case Known.Longs l -> Long.BYTES;
        };
    }
}
