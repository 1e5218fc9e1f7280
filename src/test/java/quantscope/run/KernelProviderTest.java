package quantscope.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import quantscope.LogLines;
import quantscope.kernel.Kernels;
import quantscope.kernel.emitted.EmittedUnavailableException;
import quantscope.kernel.scalar.ScalarKernels;
import quantscope.kernel.vector.VectorKernels;

class KernelProviderTest {

    private LogLines log;

    @BeforeEach
    void listen() {
        log = new LogLines(KernelProvider.class);
    }

    @AfterEach
    void end() {
        log.close();
    }

    @Test
    void codeThatDiffersOrCannotBeExecutedIsLeftWithAWarning() {
        for (boolean vectorModule : new boolean[] {true, false}) {
            log.clear();
            Kernels chosen = KernelProvider.choose("", vectorModule,
                    _ -> { throw new EmittedUnavailableException("its self-test differs", true); });
            assertEquals(vectorModule ? VectorKernels.class : ScalarKernels.class, chosen.getClass());
            assertEquals(List.of(Level.WARNING), log.levels());
            assertTrue(text().contains("nothing is emitted: its self-test differs"), text());
        }
    }

    @Test
    void anotherCpuIsNoCauseForAWarning() {
        assertInstanceOf(VectorKernels.class, KernelProvider.choose("", true,
                _ -> { throw new EmittedUnavailableException("the CPU is aarch64, not x86-64", false); }));
        assertEquals(List.of(Level.INFO), log.levels());
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
        return new SimpleFormatter().formatMessage(log.lines().getFirst());
    }
}
