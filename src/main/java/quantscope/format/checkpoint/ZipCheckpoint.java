package quantscope.format.checkpoint;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import quantscope.format.ModelFormatException;
import quantscope.format.state.ByteRange;
import quantscope.format.zip.ZipEntries;

/**
 * The form since PyTorch 1.6: a zip with one folder, in it data.pkl, the storages under data/ by key, and byteorder
 * (torch/serialization.py, _save).
 */
final class ZipCheckpoint {

    private static final String PICKLE = "data.pkl";
    private static final int LONGEST_ORDER = 64;

    private ZipCheckpoint() { }

    /** The folder's name with its slash, where the archive is what torch.save or torch.jit.save wrote. */
    static Optional<String> folder(ZipEntries zip) {
        return zip.all().keySet().stream().filter(name -> name.endsWith("/" + PICKLE)
                && name.indexOf('/') == name.length() - PICKLE.length() - 1)
                .map(name -> name.substring(0, name.length() - PICKLE.length())).findFirst();
    }

    static Checkpoint read(Path file, FileChannel channel) throws ModelFormatException, IOException {
        return read(file, new ByteRange.Plain(channel, 0, channel.size()));
    }

    static Checkpoint read(Path file, ByteRange.Direct archive) throws ModelFormatException, IOException {
        ZipEntries zip = ZipEntries.open(file, archive);
        String folder = folder(zip).orElseThrow(() -> new ModelFormatException(file, "", "is a zip archive without "
                + PICKLE + ", so torch.save did not write it; save torch.save(model.state_dict(), ...)"));
        if (zip.all().containsKey(folder + "constants.pkl")) {
            throw new ModelFormatException(file, "", "is a TorchScript archive, whose code is not read; save"
                    + " torch.save(model.state_dict(), ...), or export the network with torch.export.save");
        }
        ByteOrder order = order(file, zip, folder + "byteorder");
        Map<String, ByteRange> storages = new HashMap<>();
        zip.all().forEach((name, range) -> {
            if (name.startsWith(folder + "data/")) {
                storages.put(name.substring(folder.length() + "data/".length()), range);
            }
        });
        ByteRange pickle = zip.all().get(folder + PICKLE);
        try (InputStream in = new BufferedInputStream(pickle.open(0))) {
            Pickled root = new Unpickler(new PickleInput(file, PICKLE, in, pickle.length()), new Constructors()).read();
            return new Checkpoint(file, "PyTorch checkpoint", root, storages, order);
        }
    }

    private static ByteOrder order(Path file, ZipEntries zip, String entry) throws ModelFormatException, IOException {
        String order = zip.all().containsKey(entry)
                ? new String(zip.bytes(entry, LONGEST_ORDER), StandardCharsets.US_ASCII).strip() : "little";
        return switch (order) {
            case "little" -> ByteOrder.LITTLE_ENDIAN;
            case "big" -> ByteOrder.BIG_ENDIAN;
            default -> throw new ModelFormatException(file, entry, "is \"" + order
                    + "\", expected little or big; the file is damaged");
        };
    }
}
