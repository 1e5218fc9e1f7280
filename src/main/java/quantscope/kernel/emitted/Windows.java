package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** VirtualAlloc, VirtualProtect, VirtualFree. */
final class Windows implements OperatingSystem {

    private static final int MEM_COMMIT_RESERVE = 0x3000;
    private static final int MEM_RELEASE = 0x8000;
    private static final int PAGE_READWRITE = 4;
    private static final int PAGE_EXECUTE_READ = 0x20;

    private final SymbolLookup kernel32 = SymbolLookup.libraryLookup("kernel32", Arena.global());
    private final MethodHandle alloc = function("VirtualAlloc", FunctionDescriptor.of(ValueLayout.ADDRESS,
            ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private final MethodHandle protect = function("VirtualProtect", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    private final MethodHandle free = function("VirtualFree", FunctionDescriptor.of(ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

    private MethodHandle function(String name, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(kernel32.findOrThrow(name), type);
    }

    @Override
    public MemorySegment reserve(long size) {
        MemorySegment memory = (MemorySegment) OperatingSystem.call(() ->
                alloc.invoke(MemorySegment.NULL, size, MEM_COMMIT_RESERVE, PAGE_READWRITE));
        if (memory.address() == 0) {
            throw new CodeMemoryException("VirtualAlloc gives no " + size + " bytes");
        }
        return memory;
    }

    @Override
    public void makeExecutable(MemorySegment memory, long size) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment before = arena.allocate(ValueLayout.JAVA_INT);
            if ((int) OperatingSystem.call(() -> protect.invoke(memory, size, PAGE_EXECUTE_READ, before)) == 0) {
                throw new CodeMemoryException("VirtualProtect refuses to make memory executable");
            }
        }
    }

    @Override
    public void release(MemorySegment memory, long size) {
        OperatingSystem.call(() -> free.invoke(memory, 0L, MEM_RELEASE));
    }
}
