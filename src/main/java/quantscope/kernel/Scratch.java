package quantscope.kernel;

/** How many elements of each kind of scratch memory a kernel needs. */
public record Scratch(int floats, int ints, int longs) {

    public static final Scratch NONE = new Scratch(0, 0, 0);

    /** Enough for either. */
    public Scratch max(Scratch other) {
        return new Scratch(Math.max(floats, other.floats), Math.max(ints, other.ints),
                Math.max(longs, other.longs));
    }
}
