package quantscope.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import quantscope.fuzz.Zip.Entry;

/** Changes an archive's entries, what they hold, or what its directory says of them. */
final class ZipMutations {

    private static final int BOMB = 16 << 20;
    private static final byte[][] RECORDS = {{'P', 'K', 1, 2}, {'P', 'K', 5, 6}, {'P', 'K', 3, 4}, {'P', 'K', 6, 6},
        {'P', 'K', 6, 7}};
    private static final int[] RECORD_LENGTHS = {46, 22, 30, 56, 20};

    private ZipMutations() { }

    static List<Mutation> all() {
        return List.of(Mutation.of("zip entries", (file, others, random) -> entries(file, others, random)),
                Mutation.of("zip directory", (file, others, random) -> directory(file, random)),
                Mutation.of("zip bombs", (file, others, random) -> bomb(file, random)));
    }

    /** The same mutations for what some of the entries hold. */
    static List<Mutation> inside(String what, Predicate<String> which, List<Mutation> mutations) {
        return mutations.stream().map(m -> Mutation.of(what + m.name(), (file, others, random) -> {
            List<Entry> entries = new ArrayList<>(Zip.parse(file));
            List<Entry> fitting = entries.stream().filter(e -> which.test(e.name())).toList();
            if (fitting.isEmpty()) {
                return file;
            }
            Entry chosen = fitting.get(random.nextInt(fitting.size()));
            byte[] mutated = m.edit().apply(chosen.content(), List.of(chosen.content()), random);
            entries.set(entries.indexOf(chosen), new Entry(chosen.name(), mutated, random.nextInt(8) == 0));
            return Zip.write(entries);
        })).toList();
    }

    private static byte[] entries(byte[] file, List<byte[]> others, Random random) {
        List<Entry> entries = new ArrayList<>(Zip.parse(file));
        for (int edits = 1 + random.nextInt(3); edits > 0 && !entries.isEmpty(); edits--) {
            int at = random.nextInt(entries.size());
            Entry entry = entries.get(at);
            Entry other = entries.get(random.nextInt(entries.size()));
            switch (random.nextInt(8)) {
                case 0 -> entries.remove(at);
                case 1 -> entries.add(random.nextInt(entries.size() + 1), entry);
                case 2 -> entries.set(at, new Entry(Interesting.text(random), entry.content(), false));
                case 3 -> entries.set(at, new Entry("../" + entry.name(), entry.content(), false));
                case 4 -> entries.set(at, new Entry(other.name(), entry.content(), false));
                case 5 -> entries.set(at, new Entry(entry.name(), other.content(), random.nextBoolean()));
                case 6 -> entries.set(at, new Entry(entry.name(),
                        Arrays.copyOf(entry.content(), random.nextInt(2 * entry.content().length + 8)), false));
                default -> entries.addAll(random.nextInt(entries.size()),
                        Stream.of(others.get(random.nextInt(others.size()))).flatMap(o -> Zip.parse(o).stream()).limit(3).toList());
            }
        }
        return Zip.write(entries);
    }

    /** Lets a field of one of the archive's records lie. */
    private static byte[] directory(byte[] file, Random random) {
        byte[] copy = file.clone();
        for (int edits = 1 + random.nextInt(2); edits > 0; edits--) {
            int kind = random.nextInt(RECORDS.length);
            List<Integer> places = new ArrayList<>();
            for (int i = 0; i + RECORD_LENGTHS[kind] <= copy.length; i++) {
                if (Arrays.equals(copy, i, i + 4, RECORDS[kind], 0, 4)) {
                    places.add(i);
                }
            }
            if (!places.isEmpty()) {
                int width = 2 << random.nextInt(2);
                int at = places.get(random.nextInt(places.size())) + 4 + 2 * random.nextInt(RECORD_LENGTHS[kind] / 2 - 3);
                ByteMutations.put(copy, at, width, Interesting.number(random), false);
            }
        }
        return copy;
    }

    /** One entry, often one that is read, holds very much of the same. */
    private static byte[] bomb(byte[] file, Random random) {
        List<Entry> entries = new ArrayList<>(Zip.parse(file));
        if (entries.isEmpty()) {
            return file;
        }
        int at = random.nextInt(entries.size());
        byte[] much = new byte[Math.max(1, BOMB >> random.nextInt(10))];
        byte[] pattern = switch (random.nextInt(5)) {
            case 0 -> new byte[] {0};
            case 1 -> "[],".getBytes(StandardCharsets.US_ASCII);
            case 2 -> "{\"a\":".getBytes(StandardCharsets.US_ASCII);
            case 3 -> new byte[] {'('};
            default -> new byte[] {']', 'q', 0};
        };
        for (int i = 0; i < much.length; i++) {
            much[i] = pattern[i % pattern.length];
        }
        byte[] content = entries.get(at).content();
        int keep = random.nextBoolean() ? 0 : Math.min(content.length, much.length);
        System.arraycopy(content, 0, much, 0, keep);
        entries.set(at, new Entry(entries.get(at).name(), much, true));
        return Zip.write(entries);
    }
}
