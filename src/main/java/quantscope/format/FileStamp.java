package quantscope.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * What tells that a file was written to: weights, graph and digest are read one after the other and must be of the same
 * bytes.
 *
 * @param size     in bytes
 * @param modified when it was written to last
 */
public record FileStamp(Path file, long size, FileTime modified) {

    /** Of a file as it is now. */
    public static FileStamp of(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new FileStamp(file, attributes.size(), attributes.lastModifiedTime());
    }

    /** Whether the file is no longer what it was, or gone. */
    public boolean outdated() {
        try {
            return !of(file).equals(this);
        } catch (IOException e) {
            return true;
        }
    }

    /** @throws ModelFormatException when the file is no longer what it was */
    public void requireCurrent() throws ModelFormatException {
        if (outdated()) {
            throw new ModelFormatException(file, "", "was written to while it was read; open it again once it is whole");
        }
    }
}
