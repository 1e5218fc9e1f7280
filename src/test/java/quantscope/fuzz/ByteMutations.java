package quantscope.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What can be done to bytes whatever they mean. */
final class ByteMutations {

    private static final int LONGEST = 1 << 20;

    private ByteMutations() { }

    static List<Mutation> all() {
        return List.of(Mutation.of("truncated", (file, others, random) -> Arrays.copyOf(file, random.nextInt(file.length + 1))),
                Mutation.of("bits flipped", (file, others, random) -> flipped(file, random)),
                Mutation.of("numbers", (file, others, random) -> numbers(file, random)),
                Mutation.of("stretches", (file, others, random) -> stretches(file, others, random)),
                Mutation.of("random bytes", (file, others, random) -> random(file, random)));
    }

    private static byte[] flipped(byte[] file, Random random) {
        byte[] copy = file.clone();
        for (int flips = 1 << random.nextInt(5); flips > 0 && copy.length > 0; flips--) {
            copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return copy;
    }

    /** Overwrites 1, 2, 4 or 8 bytes with a number, in either order of bytes. */
    private static byte[] numbers(byte[] file, Random random) {
        byte[] copy = file.clone();
        for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
            int width = 1 << random.nextInt(4);
            if (copy.length >= width) {
                put(copy, random.nextInt(copy.length - width + 1), width, Interesting.number(random), random.nextBoolean());
            }
        }
        return copy;
    }

    static void put(byte[] bytes, int at, int width, long number, boolean bigEndian) {
        for (int i = 0; i < width; i++) {
            bytes[at + (bigEndian ? width - 1 - i : i)] = (byte) (number >> 8 * i);
        }
    }

    /** Cuts out, doubles, or takes over a stretch of another file. */
    private static byte[] stretches(byte[] file, List<byte[]> others, Random random) {
        int from = random.nextInt(file.length + 1);
        int to = Math.min(file.length, from + random.nextInt(1 + Math.min(file.length, 1 << 1 + random.nextInt(12))));
        byte[] other = others.get(random.nextInt(others.size()));
        int otherFrom = random.nextInt(other.length + 1);
        int otherTo = Math.min(other.length, otherFrom + random.nextInt(1 + Math.min(other.length, 1 << 1 + random.nextInt(12))));
        return switch (random.nextInt(4)) {
            case 0 -> joined(Arrays.copyOf(file, from), Arrays.copyOfRange(file, to, file.length));
            case 1 -> joined(Arrays.copyOf(file, to), Arrays.copyOfRange(file, from, file.length));
            case 2 -> joined(Arrays.copyOf(file, from), Arrays.copyOfRange(other, otherFrom, otherTo),
                    Arrays.copyOfRange(file, to, file.length));
            default -> joined(Arrays.copyOf(file, from), other.length == 0 ? other
                    : Arrays.copyOfRange(other, Math.min(from, other.length), other.length));
        };
    }

    private static byte[] random(byte[] file, Random random) {
        byte[] copy = file.clone();
        int from = random.nextInt(2) == 0 ? Math.min(copy.length, 8) : random.nextInt(copy.length + 1);
        byte[] noise = new byte[random.nextInt(1 + copy.length - from)];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, copy, from, noise.length);
        return copy;
    }

    static byte[] joined(byte[]... parts) {
        int length = Math.min(LONGEST, Arrays.stream(parts).mapToInt(p -> p.length).sum());
        byte[] all = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            int n = Math.min(part.length, length - at);
            System.arraycopy(part, 0, all, at, n);
            at += n;
        }
        return all;
    }
}
