package quantscope.kernel.emitted;

import java.lang.foreign.MemorySegment;

/** What a kind of layer writes into its blocks; from several threads at a time. */
interface LayerWeights {

    /**
     * Writes an output channel's weights, four bytes of each step.
     *
     * @param step   the first
     * @param at     where its bytes go
     * @param stride from a step's to the next one's
     */
    void words(int o, int step, int steps, int[] to, int at, int stride);

    /** Writes an output channel's parameters. */
    void channel(int o, MemorySegment head, Place place);

    /** Writes what is one for all channels. */
    default void head(MemorySegment head) { }
}
