package quantscope.export.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {

    @Test
    void theProcessorIsNamedAsTheSystemNamesIt(@TempDir Path folder) throws IOException {
        Path info = folder.resolve("cpuinfo");
        Files.writeString(info, "processor\t: 0\nvendor_id\t: GenuineIntel\n"
                + "model name\t: Some CPU @ 2: GHz\nmodel name\t: another\n");
        assertEquals(Optional.of("Some CPU @ 2: GHz"), Machine.cpu(info, Map.of("PROCESSOR_IDENTIFIER", "x")));
        Files.writeString(info, "processor\t: 0\nmodel name\t:\n");
        assertEquals(Optional.of("Intel64 Family 6"), Machine.cpu(info, Map.of("PROCESSOR_IDENTIFIER", "Intel64 Family 6")));
        assertEquals(Optional.empty(), Machine.cpu(folder.resolve("missing"), Map.of()));
    }

    @Test
    void thisMachineHasAllThatAReportSays() {
        Machine here = Machine.here("engine", "1.2");
        assertFalse(here.cpu().isBlank() || here.system().isBlank() || here.java().isBlank(), here.toString());
        assertEquals(Runtime.getRuntime().availableProcessors(), here.cores());
        assertEquals("1.2", here.quantscope());
    }
}
