package quantscope.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import quantscope.task.Cancellation;

class ImageFolderTest {

    @TempDir
    private Path root;

    @Test
    void makesAClassOfEachSubFolderWithImages() throws IOException {
        files("b/2.jpg", "b/1.PNG", "a/deep/er/x.JpEg", "a/y.gif", "empty/readme.txt", "beside.jpg", "c/z.bmp");
        ImageSet set = scan();
        assertEquals(List.of("a", "b", "c"), set.classes());
        assertEquals(List.of("a/deep/er/x.JpEg", "a/y.gif", "b/1.PNG", "b/2.jpg", "c/z.bmp"), paths(set));
        assertEquals(OptionalInt.of(1), set.items().get(2).label());
        assertTrue(Files.exists(set.file(set.items().getFirst())));
    }

    @Test
    void takesAFlatFolderWithoutLabels() throws IOException {
        files("2.jpe", "10.jfif", "notes.txt", "jpg", "sub/readme.txt");
        ImageSet set = scan();
        assertFalse(set.labelled());
        assertEquals(List.of("10.jfif", "2.jpe"), paths(set));
        assertEquals(OptionalInt.empty(), set.items().getFirst().label());
    }

    @Test
    void leavesHiddenFilesAndFoldersOut() throws IOException {
        files("a/1.jpg", "a/._1.jpg", "a/.cache/2.jpg", ".thumbs/3.jpg");
        assertEquals(List.of("a/1.jpg"), paths(scan()));
    }

    @Test
    void sortsClassesByCodePointsAsPythonDoes() throws IOException {
        String emoji = "\uD83D\uDE00";
        files("\uFF21/1.jpg", emoji + "/1.jpg", "Z/1.jpg", "a/1.jpg", "a b/1.jpg", "\u00e9/1.jpg");
        assertEquals(List.of("Z", "a", "a b", "\u00e9", "\uFF21", emoji), scan().classes());
    }

    @Test
    void linksInCirclesLeadNowhere() throws IOException {
        files("a/1.jpg", "b/2.jpg", "b/sub/3.jpg");
        Files.createSymbolicLink(root.resolve("a/up"), root);
        Files.createSymbolicLink(root.resolve("a/self"), root.resolve("a"));
        Files.createSymbolicLink(root.resolve("b/sub/back"), root.resolve("b"));
        Files.createSymbolicLink(root.resolve("b/gone.jpg"), root.resolve("nowhere.jpg"));
        Files.createSymbolicLink(root.resolve("c"), root.resolve("b/sub"));
        ImageSet set = scan();
        assertEquals(List.of("a/1.jpg", "b/2.jpg", "b/sub/3.jpg", "c/3.jpg", "c/back/2.jpg"), paths(set));
        assertEquals(List.of("a", "b", "c"), set.classes());
    }

    @Test
    void imagesBesideSubFoldersLinksToNothingAndLockedFoldersAreSkippedAndNamed() throws IOException {
        files("a.png", "cat/1.png", "cat/locked/2.png");
        Files.createSymbolicLink(root.resolve("cat/gone.jpg"), Path.of("nowhere.jpg"));
        Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
        ImageSet set = ImageFolder.scan(root, Cancellation.NEVER);
        assertEquals(List.of("cat/1.png", "cat/locked/2.png"), set.items().stream().map(ImageSet.Item::path).toList());
        assertEquals(List.of("a.png", "cat/gone.jpg"), set.skipped().stream().map(SkippedImage::path).toList());
        assertTrue(set.skipped().getFirst().reason().startsWith("lies beside sub-folders"), set.skipped().toString());
        Path locked = root.resolve("cat/locked");
        assumeTrue(Files.getFileStore(root).supportsFileAttributeView("posix"));
        Files.setPosixFilePermissions(locked, Set.of());
        try {
            assumeFalse(Files.isReadable(locked), "whoever runs this may read everything");
            assertEquals(List.of("a.png", "cat/gone.jpg", "cat/locked"), ImageFolder.scan(root, Cancellation.NEVER)
                    .skipped().stream().map(SkippedImage::path).toList());
        } finally {
            Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void saysWhatIsWrongWithTheFolder() throws IOException {
        assertMessage(root.resolve("missing"), "there is no such folder");
        files("readme.txt", "sub/readme.txt");
        assertMessage(root.resolve("readme.txt"), "expected a folder");
        assertMessage(root, "no image in this folder");
    }

    @Test
    void canBeCalledOff() throws IOException {
        files("a/1.jpg");
        assertThrows(CancellationException.class, () -> ImageFolder.scan(root, () -> true));
    }

    private void assertMessage(Path folder, String part) {
        String message = assertThrows(DatasetException.class, () -> ImageFolder.scan(folder, Cancellation.NEVER))
                .getMessage();
        assertTrue(message.contains(part) && message.contains(folder.toString()) && message.contains("choose"), message);
    }

    private ImageSet scan() {
        return ImageFolder.scan(root, Cancellation.NEVER);
    }

    private static List<String> paths(ImageSet set) {
        return set.items().stream().map(ImageSet.Item::path).toList();
    }

    private void files(String... names) throws IOException {
        for (String name : names) {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, new byte[0]);
        }
    }
}
