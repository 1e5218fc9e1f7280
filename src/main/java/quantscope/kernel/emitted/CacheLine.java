package quantscope.kernel.emitted;

/** A line of the cache, of x86-64. */
final class CacheLine {

    static final int BYTES = 64;

    private CacheLine() { }

    /** Up to whole lines. */
    static long up(long bytes) {
        return (bytes + BYTES - 1) / BYTES * BYTES;
    }
}
