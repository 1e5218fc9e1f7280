package quantscope.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Changes the header of a safetensors file, whose length is most times set right again. */
final class SafetensorsMutations {

    private SafetensorsMutations() { }

    static List<Mutation> of(List<Mutation> mutations) {
        return mutations.stream().map(m -> Mutation.of("header: " + m.name(),
                (file, others, random) -> header(file, m, random))).toList();
    }

    private static byte[] header(byte[] file, Mutation mutation, Random random) {
        if (file.length < Long.BYTES) {
            return file;
        }
        long length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        int end = Long.BYTES + Math.clamp(length, 0, file.length - Long.BYTES);
        byte[] header = Arrays.copyOfRange(file, Long.BYTES, end);
        byte[] mutated = mutation.edit().apply(header, List.of(header), random);
        byte[] count = new byte[Long.BYTES];
        ByteMutations.put(count, 0, count.length, random.nextInt(6) == 0 ? Interesting.number(random) : mutated.length, false);
        return ByteMutations.joined(count, mutated, Arrays.copyOfRange(file, end, file.length));
    }
}
