package quantscope.kernel.emitted;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** mmap, mprotect, madvise, munmap. */
final class Posix implements OperatingSystem {

    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS_LINUX = 0x20;
    private static final int MAP_ANONYMOUS_MAC = 0x1000;
    private static final int MADV_HUGEPAGE_LINUX = 14;
    /** Of x86-64. */
    private static final long LARGE_PAGE = 2L << 20;

    private final boolean mac;
    private final int flags;
    private final MethodHandle mmap = function("mmap", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
    private final MethodHandle mprotect = function("mprotect", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private final MethodHandle madvise = function("madvise", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
    private final MethodHandle munmap = function("munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));

    Posix(boolean mac) {
        this.mac = mac;
        flags = MAP_PRIVATE | (mac ? MAP_ANONYMOUS_MAC : MAP_ANONYMOUS_LINUX);
    }

    private static MethodHandle function(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    @Override
    public MemorySegment reserve(long size) {
        MemorySegment memory = (MemorySegment) OperatingSystem.call(() ->
                mmap.invoke(MemorySegment.NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0L));
        if (memory.address() == -1) {
            throw new CodeMemoryException("mmap gives no " + size + " bytes");
        }
        return memory;
    }

    @Override
    public void makeExecutable(MemorySegment memory, long size) {
        if ((int) OperatingSystem.call(() -> mprotect.invoke(memory, size, PROT_READ | PROT_EXEC)) != 0) {
            throw new CodeMemoryException("mprotect refuses to make memory executable");
        }
    }

    @Override
    public void release(MemorySegment memory, long size) {
        OperatingSystem.call(() -> munmap.invoke(memory, size));
    }

    @Override
    public long largePage() {
        return mac ? 0 : LARGE_PAGE;
    }

    /** Where the system has none it refuses, and nothing is lost. */
    @Override
    public void preferLargePages(MemorySegment memory) {
        OperatingSystem.call(() -> madvise.invoke(memory, memory.byteSize(), MADV_HUGEPAGE_LINUX));
    }
}
