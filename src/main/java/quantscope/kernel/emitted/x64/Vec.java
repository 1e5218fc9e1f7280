package quantscope.kernel.emitted.x64;

/**
 * A vector register.
 *
 * @param index 0 to 31; from 16 on, and at 512 bits, only EVEX reaches it
 * @param bits  128, 256 or 512
 */
public record Vec(int index, int bits) {

    public Vec {
        if (index < 0 || index > 31 || bits != 128 && bits != 256 && bits != 512) {
            throw new IllegalArgumentException("no vector register: index " + index + ", " + bits + " bits");
        }
    }

    public static Vec xmm(int index) {
        return new Vec(index, 128);
    }

    public static Vec ymm(int index) {
        return new Vec(index, 256);
    }

    public static Vec zmm(int index) {
        return new Vec(index, 512);
    }

    /** The same register's lower part, or the whole that it is a part of. */
    public Vec as(int otherBits) {
        return new Vec(index, otherBits);
    }

    int low() {
        return index & 7;
    }

    boolean needsEvex() {
        return index > 15 || bits == 512;
    }
}
