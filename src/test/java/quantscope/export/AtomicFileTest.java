package quantscope.export;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

    @TempDir
    Path folder;

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void replacesAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), "old");
        AtomicFile.write(file, "new".getBytes(UTF_8));
        assertEquals("new", Files.readString(file));
        assertEquals(List.of("a.json"), names());
    }

    @Test
    void replacesWhatALinkLeadsToAndNotTheLink() throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), Path.of("a.json"));
        AtomicFile.write(link, "new".getBytes(UTF_8));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("new", Files.readString(file));
        assertEquals(List.of("a.json", "link.json"), names());
    }

    @Test
    void makesTheFileThatALinkLeadsTo() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), Path.of("a.json"));
        AtomicFile.write(link, "new".getBytes(UTF_8));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("new", Files.readString(folder.resolve("a.json")));
    }

    @Test
    void aFailureLeavesTheOldContentAndNothingElse() throws IOException {
        Path file = Files.writeString(folder.resolve("a.json"), "old");
        assertThrows(IOException.class, () -> AtomicFile.write(file, out -> {
            out.write("half".getBytes(UTF_8));
            throw new IOException("no space left");
        }));
        assertEquals("old", Files.readString(file));
        assertEquals(List.of("a.json"), names());
    }

    @Test
    void aFolderIsRefusedAndAMissingOneIsNamed() throws IOException {
        Path sub = Files.createDirectory(folder.resolve("sub"));
        assertTrue(assertThrows(IOException.class, () -> AtomicFile.write(sub, new byte[1])).getMessage()
                .contains("it is a folder"));
        Path nowhere = folder.resolve("none/a.json");
        assertTrue(assertThrows(IOException.class, () -> AtomicFile.write(nowhere, new byte[1])).getMessage()
                .contains("none"));
        assertEquals(List.of("sub"), names());
    }

    @Test
    void aDeviceIsWrittenIntoAndStaysOne() throws IOException {
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device));
        AtomicFile.write(device, "gone".getBytes(UTF_8));
        assertFalse(Files.isRegularFile(device));
        assertTrue(Files.isWritable(device));
    }
}
