package quantscope.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A kind of file that the program opens.
 *
 * @param name      for the table of results
 * @param suffix    of its files' names
 * @param seeds     good files to start from
 * @param mutations what is done to them
 * @param free      bytes that opening the smallest file may allocate
 * @param opening   opens a file as the program does
 */
public record Kind(String name, String suffix, List<Input> seeds, List<Mutation> mutations, long free, Opening opening) {

    public Kind {
        seeds = List.copyOf(seeds);
        mutations = List.copyOf(mutations);
        if (seeds.isEmpty()) {
            throw new IllegalArgumentException("no good file of " + name + " to start from");
        }
    }

    /** Opens a file. */
    @FunctionalInterface
    public interface Opening {

        /** @throws Refusal when the program says that it cannot be opened */
        void open(Path file) throws Refusal, IOException;
    }

    /** What a reader says in an exception of its own that it declares. */
    public static final class Refusal extends Exception {

        private static final long serialVersionUID = 1L;

        Refusal(Exception cause) {
            super(cause.getMessage(), cause);
        }
    }

    /**
     * An input, all of it given by the seed.
     *
     * @param mutation of the mutations, for the table
     */
    record Mutated(Input input, Mutation mutation) { }

    Mutated mutated(long seed) {
        Random random = new Random(seed);
        Input good = seeds.get(random.nextInt(seeds.size()));
        List<byte[]> others = seeds.stream().map(Input::bytes).toList();
        Mutation mutation = mutations.get(random.nextInt(mutations.size()));
        byte[] bytes = mutation.edit().apply(good.bytes(), others, random);
        if (random.nextInt(4) == 0) {
            bytes = mutations.get(random.nextInt(mutations.size())).edit().apply(bytes, others, random);
        }
        Map<String, byte[]> beside = new TreeMap<>(good.beside());
        if (random.nextInt(3) == 0) {
            beside.replaceAll((name, content) -> Arrays.copyOf(content, random.nextInt(content.length + 1)));
        }
        return new Mutated(new Input(bytes, beside), mutation);
    }
}
