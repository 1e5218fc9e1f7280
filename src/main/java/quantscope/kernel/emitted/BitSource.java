package quantscope.kernel.emitted;

import quantscope.kernel.Memory;

/** Where a binary layer's bits come from. */
interface BitSource {

    /**
     * Writes an image's bits, 1 for minus, and its mask, 1 where there is a sign at all, each behind its padding.
     *
     * @param from  where the input begins
     * @param bits  where the padded image's bits begin in the ints
     * @param masks where its mask begins, as far behind the bits as they are long
     * @return whether every value has a sign
     */
    boolean pack(Memory memory, int from, int[] ints, int bits, int masks);
}
