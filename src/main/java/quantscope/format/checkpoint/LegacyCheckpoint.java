package quantscope.format.checkpoint;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import quantscope.format.ModelFormatException;
import quantscope.format.state.ByteRange;

/**
 * The form before PyTorch 1.6: five pickles (a magic number, a version, the machine, what was saved, the storages' keys),
 * then each storage as a 64-bit number of elements and the elements (torch/serialization.py, _legacy_save).
 */
final class LegacyCheckpoint {

    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final BigInteger VERSION = BigInteger.valueOf(1001);

    private final Path file;
    private final ByteRange.Plain all;

    LegacyCheckpoint(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.all = new ByteRange.Plain(channel, 0, channel.size());
    }

    Checkpoint read() throws ModelFormatException, IOException {
        try (InputStream stream = new BufferedInputStream(all.open(0))) {
            PickleInput in = new PickleInput(file, "", stream, all.length());
            if (!isWhole(unpickle(in), MAGIC)) {
                throw new ModelFormatException(file, "", "is a pickle that torch.save did not write;"
                        + " save torch.save(model.state_dict(), ...)");
            }
            if (!isWhole(unpickle(in), VERSION)) {
                throw in.error("has another version than 1001, the only one there was; the file is damaged");
            }
            if (unpickle(in) instanceof Pickled.Table machine
                    && machine.entries().get("little_endian") instanceof Pickled.Bool(boolean little) && !little) {
                throw in.error("was saved on a big-endian machine; load it in PyTorch and save it again");
            }
            Constructors constructors = new Constructors();
            Pickled root = new Unpickler(in, constructors).read();
            Map<String, ByteRange> storages = storages(in, unpickle(in), constructors.storages());
            return new Checkpoint(file, "PyTorch checkpoint of the form before 1.6", root, storages, ByteOrder.LITTLE_ENDIAN);
        }
    }

    private static Pickled unpickle(PickleInput in) throws ModelFormatException, IOException {
        return new Unpickler(in, new Constructors()).read();
    }

    private static boolean isWhole(Pickled value, BigInteger expected) {
        return value instanceof Pickled.Whole whole && whole.value().equals(expected);
    }

    private Map<String, ByteRange> storages(PickleInput in, Pickled keys, Map<String, Pickled.Storage> known)
            throws ModelFormatException, IOException {
        if (!(keys instanceof Pickled.Items list)) {
            throw in.error("lacks the list of storages; the file is damaged");
        }
        Map<String, ByteRange> storages = new HashMap<>();
        for (Pickled item : list.items()) {
            if (!(item instanceof Pickled.Text(String key)) || !known.containsKey(key)) {
                throw in.error("lists a storage that no tensor has; the file is damaged");
            }
            long elements = in.i64();
            Pickled.Storage storage = known.get(key);
            if (elements != storage.elements()) {
                throw in.error("storage " + key + " has " + elements + " elements, expected " + storage.elements()
                        + "; the file is damaged");
            }
            int bytes = storage.type().bytes();
            if (elements > (all.length() - in.position()) / bytes) {
                throw in.error("storage " + key + " should have " + elements + " elements, more than are left of the"
                        + " file; it is cut off, copy or save it again");
            }
            storages.put(key, all.part(in.position(), elements * bytes));
            in.skip(elements * bytes);
        }
        return storages;
    }
}
