package quantscope.export.pytorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the exported file computed under PyTorch (golden/export/make_golden.py) is what the engine computes. */
@Tag("golden")
class ExportedLevelsTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden/export");
    private static final Path MODEL = Path.of("sample-models/alexnet-xnor.pt2");

    @Test
    void conv1InInt8GivesTheLevelsThatTheExportedFileGivesUnderPyTorch() throws Exception {
        JsonNode golden = new ObjectMapper().readTree(GOLDEN.resolve("levels.json").toFile());
        Map<String, Long> expected = new LinkedHashMap<>();
        golden.get("crc32").properties().forEach(e -> expected.put(e.getKey(), e.getValue().longValue()));
        assertEquals(20, expected.size());
        Map<String, byte[]> levels = new ExportedNet().levels(MODEL, GOLDEN.resolve("config.json"), "conv1");
        Map<String, Long> found = new LinkedHashMap<>();
        expected.keySet().forEach(path -> found.put(path, crc(levels.get(path))));
        assertEquals(expected, found);
        assertArrayEquals(Files.readAllBytes(GOLDEN.resolve("first.bin")),
                levels.get(expected.keySet().iterator().next()));
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }
}
