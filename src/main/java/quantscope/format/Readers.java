package quantscope.format;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/**
 * All kinds of model files that the program reads.
 *
 * @param readers asked in order; the first that knows a file reads it
 */
public record Readers(List<ModelReader> readers) {

    public Readers {
        readers = List.copyOf(readers);
    }

    /**
     * Reads a model file of any known kind.
     *
     * @throws ModelFormatException when the file is of no known kind or is not what it should be
     * @throws IOException          when it cannot be read at all
     * @throws java.util.concurrent.CancellationException when called off
     */
    public Model open(Path file, Progress progress, Cancellation cancellation)
            throws ModelFormatException, IOException {
        if (Files.isDirectory(file)) {
            throw new ModelFormatException(file, "", "is a folder, expected a model file: " + supported());
        }
        if (!Files.exists(file)) {
            throw new ModelFormatException(file, "", "there is no such file in " + file.toAbsolutePath().getParent());
        }
        if (!Files.isRegularFile(file)) {
            throw new ModelFormatException(file, "", "is a pipe or a device, expected a model file: " + supported());
        }
        for (ModelReader reader : readers) {
            if (reader.matches(file)) {
                return read(reader, file, progress, cancellation);
            }
        }
        throw new ModelFormatException(file, "", "is no model file that can be read here; supported: " + supported()
                + ". Export the network with torch.onnx.export or torch.export.save");
    }

    private static Model read(ModelReader reader, Path file, Progress progress, Cancellation cancellation)
            throws ModelFormatException, IOException {
        FileStamp stamp = FileStamp.of(file);
        Model model;
        try {
            model = reader.read(file, progress, cancellation);
        } catch (ModelFormatException | IOException e) {
            // A file that is still being written looks damaged; what helps is to wait.
            stamp.requireCurrent();
            throw e;
        }
        stamp.requireCurrent();
        return model;
    }

    /** The formats as a user calls them, joined by commas. */
    public String supported() {
        return readers.stream().map(ModelReader::format).collect(Collectors.joining(", "));
    }
}
