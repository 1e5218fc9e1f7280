package quantscope.kernel.emitted.x64;

import java.util.Objects;
import java.util.Optional;

/**
 * A memory operand: base + index * scale + displacement.
 *
 * @param index any register but RSP
 * @param scale 1, 2, 4 or 8
 */
public record Mem(Gp base, Optional<Gp> index, int scale, int displacement) {

    public Mem {
        Objects.requireNonNull(base);
        if (scale != 1 && scale != 2 && scale != 4 && scale != 8 || index.filter(Gp.RSP::equals).isPresent()) {
            throw new IllegalArgumentException("no address: " + base + " + " + index + " * " + scale);
        }
    }

    public static Mem at(Gp base) {
        return at(base, 0);
    }

    public static Mem at(Gp base, int displacement) {
        return new Mem(base, Optional.empty(), 1, displacement);
    }

    public static Mem at(Gp base, Gp index, int scale, int displacement) {
        return new Mem(base, Optional.of(index), scale, displacement);
    }

    /** The same address, further on. */
    public Mem plus(int bytes) {
        return new Mem(base, index, scale, Math.addExact(displacement, bytes));
    }

    /** The scale's exponent, as SIB holds it. */
    int scaleBits() {
        return Integer.numberOfTrailingZeros(scale);
    }
}
