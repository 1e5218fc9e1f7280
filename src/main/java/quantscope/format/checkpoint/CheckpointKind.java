package quantscope.format.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The forms that checkpoints had over the years, told by their first bytes. */
enum CheckpointKind {

    /** PyTorch 1.6 and newer. */
    ZIP,
    /** PyTorch 0.1.10 to 1.5, and still with _use_new_zipfile_serialization=False: pickles, then raw storages. */
    LEGACY,
    /** A pickle that something else wrote. */
    PICKLE,
    /** The first releases of PyTorch. */
    TAR,
    OTHER;

    private static final int HEAD = 512;
    private static final int TAR_MAGIC = 257;
    /** MAGIC_NUMBER of torch/serialization.py, 0x1950a86a20f9469cfc6c, little-endian. */
    private static final byte[] MAGIC = {0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50,
        0x19};
    private static final int MAGIC_BEFORE = 32;

    static CheckpointKind of(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(HEAD);
        }
        String text = new String(head, StandardCharsets.ISO_8859_1);
        int magic = text.indexOf(new String(MAGIC, StandardCharsets.ISO_8859_1));
        if (magic >= 0 && magic < MAGIC_BEFORE) {
            return LEGACY;
        }
        if (text.startsWith("PK")) {
            return ZIP;
        }
        if (text.startsWith("ustar", TAR_MAGIC)) {
            return TAR;
        }
        return head.length > 1 && head[0] == (byte) 0x80 && head[1] >= 2 && head[1] <= 5 ? PICKLE : OTHER;
    }
}
