package quantscope.format.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import quantscope.format.ModelFormatException;
import quantscope.format.state.ByteRange;
import quantscope.format.state.StateDict;

/** Reads what torch.save wrote into a part of another file. */
public final class SavedTensors {

    /** The name of a tensor that was saved by itself. */
    public static final String ONLY = "";

    private SavedTensors() { }

    /**
     * The tensors of a dict, by their names, or one tensor by itself. Whatever else the dict holds is left out.
     *
     * @param file  for messages
     * @param place of the part in the file, for messages
     * @param saved the zip archive that torch.save makes
     * @throws ModelFormatException when it is damaged, or holds what is not read
     */
    public static StateDict read(Path file, String place, ByteRange.Direct saved) throws ModelFormatException, IOException {
        Checkpoint checkpoint;
        try {
            checkpoint = ZipCheckpoint.read(file, saved);
        } catch (ModelFormatException e) {
            throw new ModelFormatException(file, place, e.getMessage().substring((file.getFileName() + ": ").length()), e);
        }
        return switch (checkpoint.root()) {
            case Pickled.Table table -> checkpoint.stateDict(table.entries());
            case Pickled.Tensor tensor -> checkpoint.stateDict(Map.of(ONLY, tensor));
            default -> throw new ModelFormatException(file, place, "holds no tensors by name; export the model again");
        };
    }
}
