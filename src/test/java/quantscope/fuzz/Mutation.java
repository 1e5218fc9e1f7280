package quantscope.fuzz;

import java.util.List;
import java.util.Random;

/**
 * One way to make a good file bad.
 *
 * @param name for the table of results
 * @param edit gives other bytes, those of the file itself untouched; where it finds nothing to change, the same
 */
public record Mutation(String name, Edit edit) {

    /** What it does. */
    @FunctionalInterface
    public interface Edit {

        /** @param others files of the same kind, to take parts from */
        byte[] apply(byte[] file, List<byte[]> others, Random random);
    }

    static Mutation of(String name, Edit edit) {
        return new Mutation(name, edit);
    }
}
