package quantscope.kernel.emitted;

import java.lang.foreign.MemorySegment;
import java.util.Locale;

/** Memory as operating systems give it. */
interface OperatingSystem {

    static OperatingSystem current() {
        return windows() ? new Windows() : new Posix(name().contains("mac"));
    }

    static boolean windows() {
        return name().contains("win");
    }

    private static String name() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT);
    }

    /**
     * Memory of zeros, to be read and written.
     *
     * @throws CodeMemoryException when there is none
     */
    MemorySegment reserve(long size);

    /**
     * Makes memory executable, and no longer writable.
     *
     * @throws CodeMemoryException when the system refuses
     */
    void makeExecutable(MemorySegment memory, long size);

    void release(MemorySegment memory, long size);

    /** Bytes of a large page that may be asked for, or 0. */
    default long largePage() {
        return 0;
    }

    /** Asks for large pages for memory that was not touched yet; the system may give others. */
    default void preferLargePages(MemorySegment memory) { }

    /** A call of a native function. */
    @FunctionalInterface
    interface Call {
        Object run() throws Throwable;
    }

    /** Native functions throw nothing; what a method handle declares cannot happen. */
    static Object call(Call call) {
        try {
            return call.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
