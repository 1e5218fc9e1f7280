package quantscope.format.checkpoint;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import quantscope.format.ModelFormatException;
import quantscope.format.state.ByteRange;
import quantscope.format.state.StateDict;
import quantscope.format.state.StoredTensor;

/**
 * What torch.save wrote, unpickled, before it is known which tensors are wanted.
 *
 * @param format   for the user, "PyTorch checkpoint, zip"
 * @param root     what was saved
 * @param storages where the elements lie, by storage key
 */
record Checkpoint(Path file, String format, Pickled root, Map<String, ByteRange> storages, ByteOrder order) {

    /** Finds out which of the forms a file has, by its first bytes, and reads all but the weights. */
    static Checkpoint read(Path file, FileChannel channel) throws ModelFormatException, IOException {
        return switch (CheckpointKind.of(file)) {
            case ZIP -> ZipCheckpoint.read(file, channel);
            case LEGACY, PICKLE -> new LegacyCheckpoint(file, channel).read();
            case TAR -> throw new ModelFormatException(file, "", "is a tar, as PyTorch 0.1 saved or an archive program"
                    + " packed it; load it in PyTorch and save it again, or unpack it");
            case OTHER -> throw new ModelFormatException(file, "", "is no checkpoint: neither the zip archive nor the"
                    + " pickle that torch.save writes; copy it again, or save torch.save(model.state_dict(), ...)");
        };
    }

    /** The weights as they lie in the file. */
    StateDict weights() throws ModelFormatException, IOException {
        WeightSearch.Found found;
        try {
            found = WeightSearch.find(root);
        } catch (WeightSearch.NoWeightsException e) {
            throw new ModelFormatException(file, "", e.getMessage(), e);
        }
        return stateDict(found.tensors());
    }

    /** The tensors among these by name, as they lie in the file. */
    StateDict stateDict(Map<String, ? extends Pickled> values) throws ModelFormatException {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, ? extends Pickled> entry : values.entrySet()) {
            if (entry.getValue() instanceof Pickled.Tensor tensor) {
                tensors.put(entry.getKey(), stored(entry.getKey(), tensor));
            }
        }
        long held = storages.values().stream().mapToLong(ByteRange::length).sum();
        return new StateDict(file, tensors, held);
    }

    private StoredTensor stored(String name, Pickled.Tensor tensor) throws ModelFormatException {
        Pickled.Storage storage = tensor.storage();
        ByteRange data = storages.get(storage.key());
        if (data == null) {
            throw new ModelFormatException(file, name, "its storage " + storage.key()
                    + " is not in the file; copy or save it again");
        }
        if (storage.elements() > data.length() / storage.type().bytes()) {
            throw new ModelFormatException(file, name, "its storage " + storage.key() + " should have "
                    + storage.elements() + " elements of " + storage.type() + " but the file holds " + data.length()
                    + " bytes for it; it is cut off or damaged, copy or save it again");
        }
        long offset = tensor.offset() > Long.MAX_VALUE - storage.offset() ? Long.MAX_VALUE
                : tensor.offset() + storage.offset();
        return StoredTensor.of(file, name, data, tensor.type(), order, offset, tensor.sizes(), tensor.strides());
    }
}
