package quantscope.kernel;

/**
 * What a binary layer takes signs of.
 *
 * @param int8      whether the input is int8; then the sign is that of level - zeroPoint
 * @param zeroPoint 0 for fp32
 * @param zeroSign  the sign of exactly 0: -1, 0 or +1. A NaN counts as 0.
 */
public record SignSource(boolean int8, int zeroPoint, int zeroSign) {

    public static SignSource float32(int zeroSign) {
        return new SignSource(false, 0, zeroSign);
    }

    public static SignSource int8(int zeroPoint, int zeroSign) {
        return new SignSource(true, zeroPoint, zeroSign);
    }

    /** -1, 0 or +1 for the element at an index of the memory. */
    public int sign(Memory memory, int index) {
        int sign = withoutZero(memory, index);
        return sign == 0 ? zeroSign : sign;
    }

    /** The same, 0 for exactly 0. */
    public int withoutZero(Memory memory, int index) {
        if (int8) {
            return Integer.signum((memory.bytes()[index] & 0xff) - zeroPoint);
        }
        float x = memory.floats()[index];
        return x > 0 ? 1 : x < 0 ? -1 : 0;
    }
}
