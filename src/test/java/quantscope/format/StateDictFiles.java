package quantscope.format;

import java.nio.file.Path;
import java.util.List;
import quantscope.format.checkpoint.CheckpointReader;
import quantscope.format.npz.NpzReader;
import quantscope.format.onnx.OnnxReader;
import quantscope.format.pt2.Pt2Reader;
import quantscope.format.safetensors.SafetensorsReader;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;
import quantscope.tensor.Shape;

/** The fixtures of golden/checkpoint (see make_checkpoints.py there), through all readers as the program asks them. */
public final class StateDictFiles {

    public static final Path FOLDER = Path.of("src/test/resources/golden/checkpoint");

    private static final Readers READERS = new Readers(List.of(new OnnxReader(), new CheckpointReader(),
            new SafetensorsReader(), new NpzReader(), new Pt2Reader()));

    private StateDictFiles() { }

    public static Model open(Path file) throws Exception {
        return READERS.open(file, Progress.NONE, Cancellation.NEVER);
    }

    public static Model open(String fixture) throws Exception {
        return open(FOLDER.resolve(fixture));
    }

    /** What nets.py calls image(side). */
    public static FloatTensor image(int side) {
        float[] data = new float[3 * side * side];
        for (int i = 0; i < data.length; i++) {
            data[i] = i * 7919L % 1009 / 504.5f - 1;
        }
        return new FloatTensor(Shape.of(1, 3, side, side), data);
    }
}
