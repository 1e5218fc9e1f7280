package quantscope.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Writes other types, orders and shapes into the header of a NumPy array. */
final class NpyMutations {

    private static final String[] TYPES = {"|O", "<f4", ">f8", "<f16", "|V8", "<U4", "S10", "<c8", "<M8[ns]", "", "<i-1", "?", "[('a', '<f4')]",
        "<f4'*9, 'x':'"};

    private NpyMutations() { }

    static List<Mutation> all() {
        return List.of(Mutation.of("NumPy headers", (file, others, random) -> header(file, random)));
    }

    private static byte[] header(byte[] file, Random random) {
        StringBuilder shape = new StringBuilder();
        for (int axes = random.nextInt(random.nextInt(10) == 0 ? 3000 : 6); axes > 0; axes--) {
            shape.append(Interesting.number(random)).append(", ");
        }
        String text = "{'descr': '" + TYPES[random.nextInt(TYPES.length)] + "', 'fortran_order': "
                + (random.nextBoolean() ? "True" : random.nextBoolean() ? "False" : Interesting.text(random)) + ", 'shape': ("
                + shape + "), }\n";
        byte[] header = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] copy = ByteMutations.joined(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) (1 + random.nextInt(3)), 0, 0, 0},
                header, file);
        ByteMutations.put(copy, 8, 2, random.nextInt(6) == 0 ? Interesting.number(random) : header.length, false);
        return copy;
    }
}
