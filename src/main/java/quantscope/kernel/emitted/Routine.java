package quantscope.kernel.emitted;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Loaded code that takes pointers and numbers and returns nothing. Heap segments may be passed; a call holds off the
 * garbage collector, so it should end within some tens of microseconds where the work can be cut.
 */
final class Routine {

    /**
     * Constants, which the compiler sees through: a handle of its own for each routine would be interpreted for hundreds of
     * calls, then compiled for itself.
     */
    private static final MethodHandle UNARY = handle(ADDRESS);
    private static final MethodHandle TILE = handle(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle STREAM = handle(ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private final MemorySegment code;
    private final int arguments;

    private Routine(MemorySegment code, MethodHandle handle) {
        this.code = code;
        this.arguments = handle.type().parameterCount() - 1;
    }

    /** One pointer. */
    static Routine unary(MemorySegment code) {
        return new Routine(code, UNARY);
    }

    /** Three pointers and four numbers. */
    static Routine tile(MemorySegment code) {
        return new Routine(code, TILE);
    }

    /** Two pointers and three numbers. */
    static Routine stream(MemorySegment code) {
        return new Routine(code, STREAM);
    }

    /** The code's address comes first. */
    private static MethodHandle handle(MemoryLayout... arguments) {
        return Linker.nativeLinker().downcallHandle(FunctionDescriptor.ofVoid(arguments), Linker.Option.critical(true));
    }

    void call(MemorySegment a) {
        require(1);
        try {
            UNARY.invokeExact(code, a);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void call(MemorySegment a, MemorySegment b, MemorySegment c, long i, long j, long k, long l) {
        require(7);
        try {
            TILE.invokeExact(code, a, b, c, i, j, k, l);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void call(MemorySegment a, MemorySegment b, long i, long j, long k) {
        require(5);
        try {
            STREAM.invokeExact(code, a, b, i, j, k);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private void require(int given) {
        if (given != arguments) {
            throw new IllegalArgumentException(given + " arguments for code that takes " + arguments);
        }
    }

    /** Machine code throws nothing; what comes here is the linker's own, an argument that is no segment, say. */
    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }
}
