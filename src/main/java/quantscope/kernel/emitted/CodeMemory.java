package quantscope.kernel.emitted;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory that holds machine code: written while it is writable, executed when it is not any more; never both. It is
 * given back when nobody can call the code any more. The code's weights are given memory here, too, which is not executed.
 */
class CodeMemory {

    private static final Logger LOG = LoggerFactory.getLogger(CodeMemory.class);

    private final OperatingSystem system;
    private final LargePages pages;
    private final AtomicBoolean warned = new AtomicBoolean();

    CodeMemory(OperatingSystem system) {
        this.system = system;
        pages = new LargePages(system, Runtime.getRuntime().maxMemory() / 2);
    }

    /** This operating system's. */
    static CodeMemory ofThisSystem() {
        return new CodeMemory(OperatingSystem.current());
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

    /** Memory for packed weights of about so many bytes, until {@code arena} is closed. */
    WeightMemory weights(long bytes, Arena arena) {
        return new WeightMemory(pages, bytes, arena);
    }
}
