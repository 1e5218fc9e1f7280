package quantscope.kernel;

/**
 * One operator with packed parameters, ready to run in any worker's memory. Immutable and safe for use from many
 * threads, each with a {@link Memory} of its own. Shapes were checked when it was packed; nothing is allocated
 * while it runs.
 */
public interface Kernel {

    /** Scratch memory that {@link #run} needs. */
    default Scratch scratch() {
        return Scratch.NONE;
    }

    /**
     * Computes one value.
     *
     * @param memory  the worker's
     * @param inputs  where each input begins, in {@link Memory#floats()} or {@link Memory#bytes()} as its spec says
     * @param output  where the output begins; it overlaps no input
     */
    void run(Memory memory, int[] inputs, int output);
}
