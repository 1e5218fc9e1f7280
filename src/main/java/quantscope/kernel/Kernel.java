package quantscope.kernel;

/**
 * One operator with packed parameters, ready to run in any worker's memory. Immutable and safe for use from many
 * threads, each with a {@link Memory} of its own. Shapes were checked when it was packed; no buffer is allocated
 * while it runs.
 */
public interface Kernel {

    /** What multiplies, shortly: "vpdpbusd 512", "Vector API", "plain Java". */
    default String way() {
        return "plain Java";
    }

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

    /**
     * Computes the same for several inputs and outputs that lie the same distance apart, each as {@link #run} would.
     *
     * @param inStride  elements from an input to the next
     * @param outStride elements from an output to the next
     */
    default void runRows(Memory memory, int input, int output, int rows, int inStride, int outStride) {
        memory.each(rows, (own, row) -> run(own, new int[] {input + row * inStride}, output + row * outStride));
    }

    /** Whether {@link #runRows} is faster than one row after the other, as where weights are read once for all. */
    default boolean gainsFromRows() {
        return false;
    }
}
