package quantscope.kernel;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A worker's memory. Values are one image's, [H,W,C]; what is no image is row-major.
 *
 * @param floats        fp32 values
 * @param bytes         int8 values: levels 0..255 as unsigned bytes
 * @param scratchFloats a kernel's own while it runs, as are the two below; contents are undefined before
 * @param team          with whom a kernel may share its work
 * @param members       the same values with scratch memory of its own for each member of the team; empty for one alone
 */
public record Memory(float[] floats, byte[] bytes, float[] scratchFloats, int[] scratchInts, long[] scratchLongs,
                     Team team, List<Memory> members) {

    /** Bytes behind the values that a kernel may read, but not write: machine code reads some bytes at a time. */
    private static final int SLACK = 64;

    /** For one thread. */
    public static Memory of(int floats, int bytes, Scratch scratch) {
        return of(new float[floats], new byte[bytes + SLACK], scratch);
    }

    private static Memory of(float[] floats, byte[] bytes, Scratch scratch) {
        return new Memory(floats, bytes, new float[scratch.floats()], new int[scratch.ints()], new long[scratch.longs()],
                Team.ALONE, List.of());
    }

    /** The same memory for kernels that share their work: the layers of an image, and images where there are enough. */
    public Memory with(Team others, boolean images) {
        Scratch own = new Scratch(scratchFloats.length, scratchInts.length, scratchLongs.length);
        List<Memory> each = IntStream.range(0, images ? others.members() : 0)
                .mapToObj(i -> i == 0 ? this : of(floats, bytes, own)).toList();
        return new Memory(floats, bytes, scratchFloats, scratchInts, scratchLongs, others, each);
    }

    /** Does work for each image, or another part, side by side where there is one for each member, else one after the other. */
    public void each(int images, OneImage work) {
        if (images < 2 || members.size() < 2 || images < members.size()) {
            for (int image = 0; image < images; image++) {
                work.run(this, image);
            }
        } else {
            team.run(images, (member, image) -> work.run(members.get(member), image));
        }
    }

    /** What is done for one image. */
    @FunctionalInterface
    public interface OneImage {

        /** @param memory in which to do it */
        void run(Memory memory, int image);
    }

    /** Bytes, those of the members among them. */
    public long size() {
        return 4L * floats.length + bytes.length + Math.max(1, members.size()) * scratchBytes();
    }

    private long scratchBytes() {
        return 4L * scratchFloats.length + 4L * scratchInts.length + 8L * scratchLongs.length;
    }
}
