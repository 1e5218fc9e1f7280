package quantscope.kernel.emitted.x64;

/**
 * What an EVEX prefix adds to an instruction.
 *
 * @param number    of the mask register k1 to k7 that picks the elements to be written; 0 for all
 * @param zeroing   whether the others become 0 instead of staying as they are
 * @param broadcast whether a memory operand is one element that stands for all
 */
public record Mask(int number, boolean zeroing, boolean broadcast) {

    public static final Mask NONE = new Mask(0, false, false);

    /** One 32-bit (or 64-bit, as the instruction has them) element of memory for all. */
    public static final Mask BROADCAST = new Mask(0, false, true);

    public static Mask merging(int number) {
        return new Mask(number, false, false);
    }

    public static Mask zeroing(int number) {
        return new Mask(number, true, false);
    }
}
