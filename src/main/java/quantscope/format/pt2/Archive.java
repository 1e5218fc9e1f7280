package quantscope.format.pt2;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import quantscope.format.ModelFormatException;
import quantscope.format.state.ByteRange;
import quantscope.format.zip.ZipEntries;

/**
 * The entries of an archive: all under one folder of any name, or, up to PyTorch 2.7, under none. Sizes are checked
 * against the file before anything is allocated; nothing is unpacked to disk.
 */
final class Archive implements AutoCloseable {

    private static final int MOST_ENTRIES = 100_000;
    /** PyTorch stores entries uncompressed; whoever repacked them cannot make more than this out of each byte. */
    private static final long LARGEST_RATIO = 200;
    private static final long LARGEST_INFLATED = 1 << 29;

    private final Path file;
    private final ZipFile zip;
    private final long fileSize;
    private final Map<String, ZipEntry> entries = new HashMap<>();
    private Map<String, ByteRange> ranges = Map.of();
    private Optional<FileChannel> channel = Optional.empty();

    private Archive(Path file, ZipFile zip) throws IOException {
        this.file = file;
        this.zip = zip;
        this.fileSize = Files.size(file);
    }

    static Archive open(Path file) throws ModelFormatException, IOException {
        ZipFile zip;
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException | EOFException e) {
            throw new ModelFormatException(file, "", "is not a whole zip archive (" + e.getMessage()
                    + "); it may be cut off: export or copy it again", e);
        }
        Archive archive = new Archive(file, zip);
        try {
            archive.index();
            return archive;
        } catch (ModelFormatException e) {
            zip.close();
            throw e;
        }
    }

    private void index() throws ModelFormatException {
        if (zip.size() > MOST_ENTRIES) {
            throw new ModelFormatException(file, "", "has " + zip.size() + " entries, no exported model has so many");
        }
        boolean flat = zip.getEntry(Contents.SINGLE_FILE) != null;
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
            ZipEntry entry = all.nextElement();
            int slash = flat ? -1 : entry.getName().indexOf('/');
            String inside = slash < 0 ? entry.getName() : entry.getName().substring(slash + 1);
            if (!entry.isDirectory() && entries.put(inside, entry) != null) {
                throw new ModelFormatException(file, inside, "is there twice; export the model again");
            }
        }
    }

    boolean has(String name) {
        return entries.containsKey(name);
    }

    /** Names below a folder, without it, sorted. */
    List<String> below(String folder) {
        List<String> names = new ArrayList<>();
        for (String name : entries.keySet()) {
            if (name.startsWith(folder + "/")) {
                names.add(name.substring(folder.length() + 1));
            }
        }
        names.sort(null);
        return names;
    }

    long size(String name) throws ModelFormatException {
        return entry(name).getSize();
    }

    /** @param limit in bytes; a larger entry is refused */
    byte[] bytes(String name, long limit) throws ModelFormatException, IOException {
        ZipEntry entry = entry(name);
        long size = entry.getSize();
        if (size < 0 || size > limit || size / LARGEST_RATIO > fileSize) {
            throw new ModelFormatException(file, name, "claims " + size + " bytes, expected at most " + limit
                    + " and no more than the file can hold; export the model again");
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes((int) size);
            if (bytes.length != size || in.read() >= 0) {
                throw new ModelFormatException(file, name, "does not hold the " + size
                        + " bytes that the archive's directory says; export or copy the file again");
            }
            return bytes;
        } catch (ZipException | EOFException e) {
            throw new ModelFormatException(file, name, "is damaged (" + e.getMessage()
                    + "); export or copy the file again", e);
        }
    }

    /**
     * An entry to be read in parts, while the archive is open.
     *
     * @throws ModelFormatException also where it is deflated and large; PyTorch stores such entries as they are
     */
    ByteRange.Direct range(String name) throws ModelFormatException, IOException {
        String whole = entry(name).getName();
        if (ranges.isEmpty()) {
            channel = Optional.of(FileChannel.open(file));
            ranges = ZipEntries.open(file, channel.get()).all();
        }
        return switch (ranges.get(whole)) {
            case ByteRange.Direct direct -> direct;
            case ByteRange.Deflated deflated -> new ByteRange.Held(bytes(name, LARGEST_INFLATED));
            case null -> throw new ModelFormatException(file, name, "is not where the archive says; copy the file again");
        };
    }

    /** @return the bytes from a position on; a stream that ends early belongs to a damaged file */
    InputStream open(String name, long position) throws ModelFormatException, IOException {
        InputStream in = zip.getInputStream(entry(name));
        in.skipNBytes(position);
        return in;
    }

    long fileSize() {
        return fileSize;
    }

    private ZipEntry entry(String name) throws ModelFormatException {
        ZipEntry entry = entries.get(name);
        if (entry == null) {
            throw new ModelFormatException(file, name, "is missing; export the model again with"
                    + " torch.export.save");
        }
        return entry;
    }

    Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        try (ZipFile closed = zip) {
            if (channel.isPresent()) {
                channel.get().close();
            }
        }
    }
}
