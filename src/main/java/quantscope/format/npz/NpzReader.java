package quantscope.format.npz;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipException;
import quantscope.format.BackgroundDigest;
import quantscope.format.Model;
import quantscope.format.ModelFormatException;
import quantscope.format.ModelReader;
import quantscope.format.architecture.KnownNetworks;
import quantscope.format.state.ByteRange;
import quantscope.format.state.StateDict;
import quantscope.format.state.StoredTensor;
import quantscope.format.zip.ZipEntries;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/** Reads state dicts that numpy.savez or savez_compressed wrote, of the architectures that are known. */
public final class NpzReader implements ModelReader {

    private static final String SUFFIX = ".npy";

    private final KnownNetworks networks = new KnownNetworks();

    @Override
    public String format() {
        return "NumPy archive (.npz)";
    }

    /** By name, or a zip in which every entry is an array. */
    @Override
    public boolean matches(Path file) throws IOException {
        if (file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".npz")) {
            return true;
        }
        try (InputStream in = Files.newInputStream(file)) {
            if (in.read() != 'P' || in.read() != 'K') {
                return false;
            }
        }
        try (FileChannel channel = FileChannel.open(file)) {
            ZipEntries zip = ZipEntries.open(file, channel);
            return !zip.all().isEmpty() && zip.all().keySet().stream().allMatch(name -> name.endsWith(SUFFIX));
        } catch (ModelFormatException e) {
            return false;
        }
    }

    @Override
    public Model read(Path file, Progress progress, Cancellation cancellation) throws ModelFormatException, IOException {
        progress.update(0, 0, "Reading " + file.getFileName());
        try (BackgroundDigest digest = BackgroundDigest.start(file, cancellation);
                FileChannel channel = FileChannel.open(file)) {
            ZipEntries zip = ZipEntries.open(file, channel);
            Map<String, StoredTensor> arrays = new LinkedHashMap<>();
            for (Map.Entry<String, ByteRange> entry : zip.all().entrySet()) {
                cancellation.check();
                arrays.put(arrayName(file, entry.getKey()), array(file, entry.getKey(), entry.getValue()));
            }
            return networks.read(new StateDict(file, arrays, zip.totalBytes()), format(), digest, Map.of(), progress,
                    cancellation);
        }
    }

    private static String arrayName(Path file, String entry) throws ModelFormatException {
        if (!entry.endsWith(SUFFIX)) {
            throw new ModelFormatException(file, entry, "is no array, expected a name that ends in " + SUFFIX
                    + "; write the file with numpy.savez");
        }
        return entry.substring(0, entry.length() - SUFFIX.length());
    }

    private static StoredTensor array(Path file, String name, ByteRange entry) throws ModelFormatException, IOException {
        try (InputStream in = entry.open(0)) {
            NpyHeader header = NpyHeader.read(file, name, in);
            ByteRange data = entry.from(Math.min(header.length(), entry.length()));
            StoredTensor array = StoredTensor.of(file, name, data, header.type(), header.order(), 0, header.sizes(),
                    header.strides());
            if (array.shape().elements() * header.type().bytes() != data.length()) {
                throw new ModelFormatException(file, name, "has " + data.length() + " bytes, expected "
                        + array.shape().elements() * header.type().bytes() + " for shape " + array.shape());
            }
            return array;
        } catch (EOFException | ZipException e) {
            throw new ModelFormatException(file, name, "is cut off or damaged (" + e.getMessage()
                    + "); copy or save the file again", e);
        }
    }
}
