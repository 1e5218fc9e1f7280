package quantscope.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Opens so many hostile files of every kind and reports. */
public final class Campaign {

    /** What the program may allocate for each byte of a larger file: JSON as a tree, images that deflate well. */
    private static final long EACH = 64;

    private final List<Kind> kinds;
    private final Path failures;
    private final double mostSeconds;

    /**
     * @param failures    folder for inputs that the program does not take as it should
     * @param mostSeconds of processor time for one input
     */
    public Campaign(List<Kind> kinds, Path failures, double mostSeconds) {
        this.kinds = List.copyOf(kinds);
        this.failures = failures;
        this.mostSeconds = mostSeconds;
    }

    /**
     * What came out of it.
     *
     * @param table    counts by kind and mutation, slowest and largest inputs
     * @param messages what refusals said, numbers left out
     * @param wrong    what must not be, each with its seed
     */
    public record Report(int opened, int refused, String table, Set<String> messages, List<String> wrong) { }

    /**
     * @param inputs how many, the kinds in turn
     * @param seed   the first input's; each has the next one
     * @param most   stops behind so many that are wrong
     */
    public Report run(int inputs, long seed, int most) throws IOException {
        Path folder = Files.createTempDirectory("quantscope-fuzz");
        Ledger ledger = new Ledger();
        Set<String> messages = new TreeSet<>();
        List<String> wrong = new ArrayList<>();
        try (Trials trials = new Trials(folder)) {
            for (int i = 0; i < inputs && wrong.size() < most; i++) {
                Kind kind = kinds.get(i % kinds.size());
                Kind.Mutated mutated = kind.mutated(seed + i);
                Trials.Outcome outcome = run(trials, kind, mutated.input(), seed + i);
                ledger.add(kind, mutated.mutation(), seed + i, outcome);
                messages.add(kind.name() + ": " + outcome.message().replaceAll("[0-9]+", "#"));
                Optional<String> found = wrong(kind, mutated.input(), outcome);
                if (found.isPresent()) {
                    keep(kind, mutated.input(), seed + i);
                    wrong.add(kind.name() + ", " + mutated.mutation().name() + ", seed " + (seed + i) + ": " + found.get());
                }
            }
        } finally {
            delete(folder);
        }
        return new Report(ledger.opened(), ledger.refused(), ledger.toString(), messages, wrong);
    }

    private Trials.Outcome run(Trials trials, Kind kind, Input input, long seed) throws IOException {
        try {
            return trials.run(kind, input);
        } catch (IllegalStateException e) {
            keep(kind, input, seed);
            throw new IllegalStateException(kind.name() + ", seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private Optional<String> wrong(Kind kind, Input input, Trials.Outcome outcome) {
        long most = kind.free() + EACH * input.size();
        if (outcome.wrong().isPresent()) {
            return outcome.wrong();
        }
        if (outcome.seconds() > mostSeconds) {
            return Optional.of("it takes " + outcome.seconds() + " s; it says: " + outcome.message());
        }
        return outcome.allocated() > most ? Optional.of("it allocates " + outcome.allocated() + " bytes for "
                + input.size() + "; it says: " + outcome.message()) : Optional.empty();
    }

    private void keep(Kind kind, Input input, long seed) throws IOException {
        Files.createDirectories(failures);
        Files.write(failures.resolve(seed + kind.suffix()), input.bytes());
        for (var beside : input.beside().entrySet()) {
            Files.write(failures.resolve(seed + "-" + beside.getKey()), beside.getValue());
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
