package quantscope.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Writes pickles that call things, claim lengths, nest, and multiply; and strews operations over good ones. */
final class PickleMutations {

    private static final String[] CALLED = {"cposix\nsystem\n", "cos\nsystem\n", "c__builtin__\neval\n", "cbuiltins\nexec\n",
        "csubprocess\nPopen\n", "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch\nFloatStorage\n", "ccollections\nOrderedDict\n",
        "ctorch.serialization\n_get_layout\n", "cbuiltins\ngetattr\n", "ctorch._utils\n_rebuild_parameter\n", "c\n\n",
        "cjava.lang.Runtime\nexec\n", "(S'id'\niposix\nsystem\n", "\u0080\u0002\u008c\u0005posix\u008c\u0006system\u0093"};

    private static final int[] PLAIN = {'(', ')', ']', '}', '0', '1', '2', 'N', 'R', 'b', 'o', 'a', 'e', 's', 'u', 't', 'l', 'd', 'Q',
        '.', 0x81, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8f, 0x90, 0x91, 0x92, 0x93, 0x94, 0x97, 0x98};

    /** Operations that are followed by a length or an index of so many bytes. */
    private static final int[][] SIZED = {{'T', 4}, {'U', 1}, {'X', 4}, {'B', 4}, {'C', 1}, {0x8a, 1}, {0x8b, 4}, {0x8c, 1}, {0x8d, 8},
        {0x8e, 8}, {0x95, 8}, {0x96, 8}, {'h', 1}, {'j', 4}, {'q', 1}, {'r', 4}, {0x82, 1}, {0x83, 2}, {0x84, 4}, {'J', 4}, {'K', 1},
        {'M', 2}, {'G', 8}, {0x80, 1}};

    private PickleMutations() { }

    static List<Mutation> all() {
        return List.of(Mutation.of("operations", (file, others, random) -> strewn(file, random)),
                Mutation.of("calls", (file, others, random) -> calls(random)),
                Mutation.of("towers", (file, others, random) -> towers(random)));
    }

    private static byte[] strewn(byte[] file, Random random) {
        byte[] pickle = file;
        for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
            int at = random.nextInt(pickle.length + 1);
            int skipped = Math.min(pickle.length - at, random.nextInt(3));
            pickle = ByteMutations.joined(Arrays.copyOf(pickle, at), operation(random),
                    Arrays.copyOfRange(pickle, at + skipped, pickle.length));
        }
        return pickle;
    }

    private static byte[] operation(Random random) {
        switch (random.nextInt(4)) {
            case 0 -> {
                int[] sized = SIZED[random.nextInt(SIZED.length)];
                byte[] bytes = new byte[1 + sized[1]];
                bytes[0] = (byte) sized[0];
                ByteMutations.put(bytes, 1, sized[1], Interesting.number(random), false);
                return bytes;
            }
            case 1 -> {
                return latin(CALLED[random.nextInt(CALLED.length)]);
            }
            case 2 -> {
                String line = random.nextBoolean() ? Interesting.text(random) : Long.toString(Interesting.number(random));
                return latin("ILFSVpgP".charAt(random.nextInt(8)) + line + "\n");
            }
            default -> {
                return new byte[] {(byte) PLAIN[random.nextInt(PLAIN.length)]};
            }
        }
    }

    private static byte[] calls(Random random) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x80, (byte) (2 + random.nextInt(4))});
        out.writeBytes(latin(CALLED[random.nextInt(CALLED.length)]));
        for (int more = random.nextInt(4); more > 0; more--) {
            out.writeBytes(operation(random));
        }
        String[] ends = {"(S'touch /tmp/called'\ntR.", "(tR.", ")R}b.", ")\u0081}(S'a'\nK\u0001ub.", "(S'id'\n\u0085R.", "}R.", "b.", "."};
        out.writeBytes(latin(ends[random.nextInt(ends.length)]));
        return out.toByteArray();
    }

    /** Containers in containers, and lists that hold one list many times, over and over. */
    private static byte[] towers(Random random) {
        int high = 1 << random.nextInt(18);
        StringBuilder pickle = new StringBuilder("\u0080\u0002");
        switch (random.nextInt(7)) {
            case 0 -> pickle.append("]".repeat(high)).append("a".repeat(high - 1));
            case 1 -> pickle.append("(".repeat(high)).append("t".repeat(high));
            case 2 -> pickle.append(")").append("\u0085".repeat(high));
            case 3 -> pickle.append("}").append("K\u0001}".repeat(Math.min(high, 1 << 15))).append("s".repeat(Math.min(high, 1 << 15)));
            case 4 -> {
                pickle.append("]q\0");
                for (int i = 1; i < Math.min(high, 200); i++) {
                    char before = (char) (i - 1);
                    pickle.append("](").append(("h" + before).repeat(10)).append("eq").append((char) i);
                }
            }
            case 5 -> {
                pickle.append("]q\0");
                pickle.append("h\0a".repeat(Math.min(high, 1 << 15)));
                pickle.append("]").append("h\0".repeat(10)).append("\u0087");
            }
            default -> pickle.append("N").append("2".repeat(high)).append("l".repeat(3));
        }
        return latin(pickle.append(".").toString());
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
