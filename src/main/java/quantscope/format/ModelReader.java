package quantscope.format;

import java.io.IOException;
import java.nio.file.Path;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/** Reads one kind of model file. */
public interface ModelReader {

    /** The format as a user calls it: "ONNX", "PyTorch export archive (.pt2)". */
    String format();

    /** Whether a file is of this kind, judged by its name and its first bytes. */
    boolean matches(Path file) throws IOException;

    /**
     * @throws ModelFormatException when the file is not what it should be
     * @throws IOException          when it cannot be read at all
     * @throws java.util.concurrent.CancellationException when called off
     */
    Model read(Path file, Progress progress, Cancellation cancellation) throws ModelFormatException, IOException;
}
