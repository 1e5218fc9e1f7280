package quantscope.format.safetensors;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import quantscope.format.BackgroundDigest;
import quantscope.format.Model;
import quantscope.format.ModelFormatException;
import quantscope.format.ModelReader;
import quantscope.format.architecture.KnownNetworks;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/** Reads state dicts in safetensors files, of the architectures that are known. */
public final class SafetensorsReader implements ModelReader {

    private static final int HEAD = 9;

    private final KnownNetworks networks = new KnownNetworks();

    @Override
    public String format() {
        return "safetensors";
    }

    @Override
    public boolean matches(Path file) throws IOException {
        if (file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".safetensors")) {
            return true;
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(HEAD);
            if (head.length < HEAD || head[HEAD - 1] != '{') {
                return false;
            }
            long header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN).getLong();
            return header > 1 && header <= Files.size(file) - Long.BYTES;
        }
    }

    @Override
    public Model read(Path file, Progress progress, Cancellation cancellation) throws ModelFormatException, IOException {
        progress.update(0, 0, "Reading " + file.getFileName());
        try (BackgroundDigest digest = BackgroundDigest.start(file, cancellation);
                FileChannel channel = FileChannel.open(file)) {
            SafetensorsFile content = SafetensorsFile.read(file, channel);
            return networks.read(content.weights(), format(), digest, content.metadata(), progress, cancellation);
        }
    }
}
