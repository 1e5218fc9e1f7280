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
 * garbage collector, so it should end within some tens of microseconds.
 */
final class Routine {

    private final MethodHandle handle;

    private Routine(MethodHandle handle) {
        this.handle = handle;
    }

    /** One pointer. */
    static Routine unary(MemorySegment code) {
        return new Routine(handle(code, ADDRESS));
    }

    /** Three pointers and four numbers. */
    static Routine tile(MemorySegment code) {
        return new Routine(handle(code, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    /** Two pointers and three numbers. */
    static Routine stream(MemorySegment code) {
        return new Routine(handle(code, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    }

    private static MethodHandle handle(MemorySegment code, MemoryLayout... arguments) {
        return Linker.nativeLinker().downcallHandle(code, FunctionDescriptor.ofVoid(arguments),
                Linker.Option.critical(true));
    }

    void call(MemorySegment a) {
        try {
            handle.invokeExact(a);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void call(MemorySegment a, MemorySegment b, MemorySegment c, long i, long j, long k, long l) {
        try {
            handle.invokeExact(a, b, c, i, j, k, l);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void call(MemorySegment a, MemorySegment b, long i, long j, long k) {
        try {
            handle.invokeExact(a, b, i, j, k);
        } catch (Throwable e) {
            throw unexpected(e);
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
