package quantscope.export;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a file so that it is there whole or not at all: a temporary file beside it, then a rename. */
public final class AtomicFile {

    private AtomicFile() { }

    /**
     * Replaces a file's content.
     *
     * @throws IOException when it cannot be written, with the file's name and what to do; the old content stays
     */
    public static void write(Path file, byte[] content) throws IOException {
        write(file, out -> out.write(content));
    }

    /** The same for content that is written as it is made. */
    public static void write(Path file, Content content) throws IOException {
        Path target = file.toAbsolutePath();
        Path temporary = null;
        try {
            target = followed(target);
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                into(target, content);
                return;
            }
            // Not createTempFile: that makes a file which only its owner may read, and so the result would be.
            temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
            try (OutputStream out = new BufferedOutputStream(
                    Files.newOutputStream(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
                content.writeTo(out);
            }
            move(temporary, target);
        } catch (IOException e) {
            if (temporary != null) {
                Files.deleteIfExists(temporary);
            }
            throw new IOException("cannot write " + file + ": " + reason(e)
                    + "; choose another place or make room, then save again", e);
        }
    }

    /** Writes itself. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** What a link leads to is replaced, not the link. */
    private static Path followed(Path file) throws IOException {
        try {
            return file.toRealPath();
        } catch (NoSuchFileException e) {
            // Nothing yet, a link to nothing yet, or a pipe, which is behind a link that leads to no path.
            return Files.isSymbolicLink(file) && !Files.exists(file)
                    ? file.resolveSibling(Files.readSymbolicLink(file)) : file;
        }
    }

    /** A device or a pipe cannot be replaced; what it takes is gone at once. */
    private static void into(Path special, Content content) throws IOException {
        if (Files.isDirectory(special)) {
            throw new IOException("it is a folder");
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(special, StandardOpenOption.WRITE))) {
            content.writeTo(out);
        }
    }

    private static void move(Path temporary, Path target) throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "its folder does not exist";
            case java.nio.file.AccessDeniedException denied -> "access is denied";
            default -> e.getMessage();
        };
    }
}
