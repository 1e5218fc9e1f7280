package quantscope.format;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import quantscope.task.Cancellation;

/** SHA-256 of files. */
public final class Digest {

    private static final int CHUNK = 1 << 16;

    private Digest() { }

    /**
     * Of the files' bytes, one file after the other, as 64 lower-case hex digits.
     *
     * @throws java.util.concurrent.CancellationException when called off
     */
    public static String sha256(List<Path> files, Cancellation cancellation) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        byte[] chunk = new byte[CHUNK];
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                    cancellation.check();
                    digest.update(chunk, 0, n);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
