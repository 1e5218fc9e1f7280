package quantscope.format.zip;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import quantscope.format.ModelFormatException;
import quantscope.format.state.ByteRange;

/**
 * The entries of a zip archive by name, as stretches of the file, so that stored weights can be read where they lie. Sizes
 * and places are checked when the archive is opened; nothing is unpacked to disk.
 */
public final class ZipEntries {

    private final Path file;
    private final Map<String, ByteRange> entries;

    ZipEntries(Path file, Map<String, ByteRange> entries) {
        this.file = file;
        this.entries = Collections.unmodifiableMap(entries);
    }

    /**
     * Reads an archive's directory.
     *
     * @param file for messages
     * @throws ModelFormatException when it is no whole zip archive, is encrypted, holds an entry twice, or claims more bytes
     *                              than it can hold
     */
    public static ZipEntries open(Path file, FileChannel channel) throws ModelFormatException, IOException {
        return open(file, new ByteRange.Plain(channel, 0, channel.size()));
    }

    /** The same of an archive that lies in a part of a file. */
    public static ZipEntries open(Path file, ByteRange.Direct archive) throws ModelFormatException, IOException {
        return new ZipDirectory(file, archive).read();
    }

    /** In the archive's order, folders left out. */
    public Map<String, ByteRange> all() {
        return entries;
    }

    /** Bytes of all entries once inflated. */
    public long totalBytes() {
        return entries.values().stream().mapToLong(ByteRange::length).sum();
    }

    /**
     * A small entry as a whole.
     *
     * @param limit in bytes; a larger entry is refused
     */
    public byte[] bytes(String name, int limit) throws ModelFormatException, IOException {
        ByteRange range = entries.get(name);
        if (range == null) {
            throw new ModelFormatException(file, name, "is missing; save or copy the file again");
        }
        if (range.length() > limit) {
            throw new ModelFormatException(file, name, "has " + range.length() + " bytes, expected at most " + limit);
        }
        try (InputStream in = range.open(0)) {
            byte[] bytes = in.readNBytes((int) range.length());
            if (bytes.length < range.length()) {
                throw new ModelFormatException(file, name, "ends early; save or copy the file again");
            }
            return bytes;
        } catch (java.util.zip.ZipException | java.io.EOFException e) {
            throw new ModelFormatException(file, name, "is damaged (" + e.getMessage()
                    + "); save or copy the file again", e);
        }
    }
}
