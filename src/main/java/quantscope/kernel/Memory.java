package quantscope.kernel;

/**
 * A worker's memory. Values are one image's, [H,W,C]; what is no image is row-major.
 *
 * @param floats        fp32 values
 * @param bytes         int8 values: levels 0..255 as unsigned bytes
 * @param scratchFloats a kernel's own while it runs, as are the two below; contents are undefined before
 * @param team          with whom a kernel may share its work
 */
public record Memory(float[] floats, byte[] bytes, float[] scratchFloats, int[] scratchInts, long[] scratchLongs,
                     Team team) {

    /** Bytes behind the values that a kernel may read, but not write: machine code reads some bytes at a time. */
    private static final int SLACK = 64;

    /** For one thread. */
    public static Memory of(int floats, int bytes, Scratch scratch) {
        return of(new float[floats], new byte[bytes + SLACK], scratch);
    }

    private static Memory of(float[] floats, byte[] bytes, Scratch scratch) {
        return new Memory(floats, bytes, new float[scratch.floats()], new int[scratch.ints()], new long[scratch.longs()],
                Team.ALONE);
    }

    /** The same values with scratch memory of its own, for another thread. */
    public Memory beside() {
        return of(floats, bytes, new Scratch(scratchFloats.length, scratchInts.length, scratchLongs.length));
    }

    /** The same memory for kernels that share their work. */
    public Memory with(Team others) {
        return new Memory(floats, bytes, scratchFloats, scratchInts, scratchLongs, others);
    }

    public long size() {
        return 4L * floats.length + bytes.length + 4L * scratchFloats.length + 4L * scratchInts.length
                + 8L * scratchLongs.length;
    }
}
