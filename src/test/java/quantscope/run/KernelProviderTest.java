package quantscope.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import quantscope.kernel.Kernels;
import quantscope.kernel.emitted.EmittedUnavailableException;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.kernel.vector.VectorKernels;

class KernelProviderTest {

    private final Logger logger = Logger.getLogger(KernelProvider.class.getName());
    private final List<LogRecord> lines = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line);
        }

        @Override
        public void flush() { }

        @Override
        public void close() { }
    };

    @BeforeEach
    void listen() {
        logger.setLevel(Level.ALL);
        logger.addHandler(handler);
    }

    @AfterEach
    void end() {
        logger.removeHandler(handler);
        logger.setLevel(null);
    }

    @Test
    void codeThatDiffersOrCannotBeExecutedIsLeftWithAWarning() {
        for (boolean vectorModule : new boolean[] {true, false}) {
            lines.clear();
            Kernels chosen = KernelProvider.choose("", vectorModule,
                    _ -> { throw new EmittedUnavailableException("its self-test differs", true); });
            assertEquals(vectorModule ? VectorKernels.class : ScalarKernels.class, chosen.getClass());
            assertEquals(List.of(Level.WARNING), lines.stream().map(LogRecord::getLevel).toList());
            assertTrue(text().contains("nothing is emitted: its self-test differs"), text());
        }
    }

    @Test
    void anotherCpuIsNoCauseForAWarning() {
        assertInstanceOf(VectorKernels.class, KernelProvider.choose("", true,
                _ -> { throw new EmittedUnavailableException("the CPU is aarch64, not x86-64", false); }));
        assertEquals(List.of(Level.INFO), lines.stream().map(LogRecord::getLevel).toList());
        assertTrue(text().contains("aarch64"), text());
    }

    @Test
    void theRoadThatIsTakenIsLogged() {
        ScalarKernels emitted = new ScalarKernels();
        assertEquals(emitted, KernelProvider.choose("", true, _ -> emitted));
        assertEquals(emitted, KernelProvider.choose("emitted", true, _ -> emitted));
        assertTrue(text().startsWith("Kernels: " + emitted.description()), text());
    }

    @Test
    void aForcedRoadThatIsNotThereIsRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> KernelProvider.choose("emitted", true,
                _ -> { throw new EmittedUnavailableException("mprotect refuses", true); })).getMessage();
        assertEquals("-Dquantscope.kernels=emitted, but mprotect refuses", message);
    }

    private String text() {
        return new SimpleFormatter().formatMessage(lines.getFirst());
    }
}
