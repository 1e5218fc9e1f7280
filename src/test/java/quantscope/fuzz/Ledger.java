package quantscope.fuzz;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Counts what became of the inputs, by kind and mutation, and keeps the slowest and the largest. */
final class Ledger {

    /** One line of the table. */
    private static final class Line {
        private int opened;
        private int refused;
        private double seconds;
        private long allocated;
        private long slowest;
        private long largest;
    }

    private final Map<String, Line> lines = new TreeMap<>();
    private final Map<String, Line> totals = new TreeMap<>();

    void add(Kind kind, Mutation mutation, long seed, Trials.Outcome outcome) {
        add(lines.computeIfAbsent(kind.name() + ", " + mutation.name(), k -> new Line()), seed, outcome);
        add(totals.computeIfAbsent(kind.name(), k -> new Line()), seed, outcome);
        add(totals.computeIfAbsent("all", k -> new Line()), seed, outcome);
    }

    private static void add(Line line, long seed, Trials.Outcome outcome) {
        line.opened += outcome.opened() ? 1 : 0;
        line.refused += outcome.opened() ? 0 : 1;
        if (outcome.seconds() >= line.seconds) {
            line.seconds = outcome.seconds();
            line.slowest = seed;
        }
        if (outcome.allocated() >= line.allocated) {
            line.allocated = outcome.allocated();
            line.largest = seed;
        }
    }

    int opened() {
        return totals.getOrDefault("all", new Line()).opened;
    }

    int refused() {
        return totals.getOrDefault("all", new Line()).refused;
    }

    @Override
    public String toString() {
        StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%-34s %8s %8s %9s %10s %9s %10s%n", "", "opened",
                "refused", "slowest", "seed", "largest", "seed"));
        for (Map<String, Line> part : List.of(lines, totals)) {
            part.forEach((name, l) -> table.append(String.format(Locale.ROOT, "%-34s %8d %8d %7.3f s %10d %6.1f MB %10d%n", name,
                    l.opened, l.refused, l.seconds, l.slowest, l.allocated / 1e6, l.largest)));
        }
        return table.toString();
    }
}
