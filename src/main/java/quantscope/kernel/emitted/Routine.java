package quantscope.kernel.emitted;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Collections;

/**
 * Loaded code that takes up to four pointers and returns nothing. Heap segments may be passed; a call holds off the
 * garbage collector, so it should end within some tens of microseconds.
 */
final class Routine {

    private final MethodHandle handle;

    private Routine(MethodHandle handle) {
        this.handle = handle;
    }

    static Routine of(MemorySegment code, int arguments) {
        FunctionDescriptor type = FunctionDescriptor.ofVoid(Collections.nCopies(arguments, ValueLayout.ADDRESS)
                .toArray(java.lang.foreign.MemoryLayout[]::new));
        return new Routine(Linker.nativeLinker().downcallHandle(code, type, Linker.Option.critical(true)));
    }

    void call(MemorySegment a) {
        try {
            handle.invokeExact(a);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    void call(MemorySegment a, MemorySegment b, MemorySegment c, MemorySegment d) {
        try {
            handle.invokeExact(a, b, c, d);
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
