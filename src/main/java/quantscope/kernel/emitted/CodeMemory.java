package quantscope.kernel.emitted;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory that holds machine code: written while it is writable, executed when it is not any more; never both. It is
 * given back when nobody can call the code any more.
 */
final class CodeMemory {

    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS_LINUX = 0x20;
    private static final int MAP_ANONYMOUS_MAC = 0x1000;
    private static final int MEM_COMMIT_RESERVE = 0x3000;
    private static final int MEM_RELEASE = 0x8000;
    private static final int PAGE_READWRITE = 4;
    private static final int PAGE_EXECUTE_READ = 0x20;

    private static final AddressLayout POINTER = ValueLayout.ADDRESS;

    private static final Logger LOG = LoggerFactory.getLogger(CodeMemory.class);

    private final OperatingSystem system;
    private final AtomicBoolean warned = new AtomicBoolean();

    CodeMemory(OperatingSystem system) {
        this.system = system;
    }

    /** This operating system's. */
    static CodeMemory ofThisSystem() {
        return new CodeMemory(thisSystem());
    }

    static OperatingSystem thisSystem() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return os.contains("win") ? new Windows() : new Posix(os.contains("mac"));
    }

    /** Warns, the first time, that layers go another road because the system gave no memory. */
    void refused(CodeMemoryException e) {
        if (warned.compareAndSet(false, true)) {
            LOG.warn("Some layers run without machine code of their own: {}", e.getMessage());
        }
    }

    /**
     * Code that can be called at the segment's address until {@code arena} is closed.
     *
     * @throws CodeMemoryException when the system gives no memory or refuses to make it executable
     */
    MemorySegment load(byte[] code, Arena arena) {
        long size = Math.max(1, code.length);
        MemorySegment memory = system.reserve(size).reinterpret(size, arena, m -> system.release(m, size));
        MemorySegment.copy(code, 0, memory, ValueLayout.JAVA_BYTE, 0, code.length);
        system.makeExecutable(memory, size);
        return memory.asReadOnly();
    }

    /** What differs between operating systems. */
    interface OperatingSystem {

        MemorySegment reserve(long size);

        void makeExecutable(MemorySegment memory, long size);

        void release(MemorySegment memory, long size);
    }

    /** mmap, mprotect, munmap. */
    private static final class Posix implements OperatingSystem {

        private final int flags;
        private final MethodHandle mmap = function("mmap", FunctionDescriptor.of(POINTER, POINTER, ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
        private final MethodHandle mprotect = function("mprotect", FunctionDescriptor.of(ValueLayout.JAVA_INT, POINTER,
                ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));
        private final MethodHandle munmap = function("munmap", FunctionDescriptor.of(ValueLayout.JAVA_INT, POINTER,
                ValueLayout.JAVA_LONG));

        Posix(boolean mac) {
            flags = MAP_PRIVATE | (mac ? MAP_ANONYMOUS_MAC : MAP_ANONYMOUS_LINUX);
        }

        private static MethodHandle function(String name, FunctionDescriptor type) {
            Linker linker = Linker.nativeLinker();
            return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
        }

        @Override
        public MemorySegment reserve(long size) {
            MemorySegment memory = (MemorySegment) call(() ->
                    mmap.invoke(MemorySegment.NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0L));
            if (memory.address() == -1) {
                throw new CodeMemoryException("mmap gives no " + size + " bytes");
            }
            return memory;
        }

        @Override
        public void makeExecutable(MemorySegment memory, long size) {
            if ((int) call(() -> mprotect.invoke(memory, size, PROT_READ | PROT_EXEC)) != 0) {
                throw new CodeMemoryException("mprotect refuses to make memory executable");
            }
        }

        @Override
        public void release(MemorySegment memory, long size) {
            call(() -> munmap.invoke(memory, size));
        }
    }

    /** VirtualAlloc, VirtualProtect, VirtualFree. */
    private static final class Windows implements OperatingSystem {

        private final SymbolLookup kernel32 = SymbolLookup.libraryLookup("kernel32", Arena.global());
        private final MethodHandle alloc = function("VirtualAlloc", FunctionDescriptor.of(POINTER, POINTER,
                ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        private final MethodHandle protect = function("VirtualProtect", FunctionDescriptor.of(ValueLayout.JAVA_INT,
                POINTER, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, POINTER));
        private final MethodHandle free = function("VirtualFree", FunctionDescriptor.of(ValueLayout.JAVA_INT, POINTER,
                ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

        private MethodHandle function(String name, FunctionDescriptor type) {
            return Linker.nativeLinker().downcallHandle(kernel32.findOrThrow(name), type);
        }

        @Override
        public MemorySegment reserve(long size) {
            MemorySegment memory = (MemorySegment) call(() ->
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
                if ((int) call(() -> protect.invoke(memory, size, PAGE_EXECUTE_READ, before)) == 0) {
                    throw new CodeMemoryException("VirtualProtect refuses to make memory executable");
                }
            }
        }

        @Override
        public void release(MemorySegment memory, long size) {
            call(() -> free.invoke(memory, 0L, MEM_RELEASE));
        }
    }

    @FunctionalInterface
    private interface Call {
        Object run() throws Throwable;
    }

    /** Native functions throw nothing; what a method handle declares cannot happen. */
    private static Object call(Call call) {
        try {
            return call.run();
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
