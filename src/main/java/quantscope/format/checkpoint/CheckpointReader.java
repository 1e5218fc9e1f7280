package quantscope.format.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import quantscope.format.BackgroundDigest;
import quantscope.format.Model;
import quantscope.format.ModelFormatException;
import quantscope.format.ModelReader;
import quantscope.format.architecture.KnownNetworks;
import quantscope.format.zip.ZipEntries;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/** Reads state dicts that torch.save wrote, of the architectures that are known. */
public final class CheckpointReader implements ModelReader {

    private static final List<String> SUFFIXES = List.of(".pth", ".pt", ".pth.tar", ".ckpt", ".pkl");

    private final KnownNetworks networks = new KnownNetworks();

    @Override
    public String format() {
        return "PyTorch checkpoint (.pth, .pt)";
    }

    /** By content; a damaged file or one of another kind is taken by its name, so that the message says what it should be. */
    @Override
    public boolean matches(Path file) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        boolean named = SUFFIXES.stream().anyMatch(name::endsWith);
        return switch (CheckpointKind.of(file)) {
            case LEGACY, PICKLE -> true;
            case ZIP -> zipMatches(file, named);
            case TAR, OTHER -> named;
        };
    }

    private static boolean zipMatches(Path file, boolean named) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return ZipCheckpoint.folder(ZipEntries.open(file, channel)).isPresent();
        } catch (ModelFormatException e) {
            return named;
        }
    }

    @Override
    public Model read(Path file, Progress progress, Cancellation cancellation) throws ModelFormatException, IOException {
        progress.update(0, 0, "Reading " + file.getFileName());
        try (BackgroundDigest digest = BackgroundDigest.start(file, cancellation);
                FileChannel channel = FileChannel.open(file)) {
            Checkpoint checkpoint = Checkpoint.read(file, channel);
            return networks.read(checkpoint.weights(), checkpoint.format(), digest, Map.of(), progress, cancellation);
        }
    }
}
