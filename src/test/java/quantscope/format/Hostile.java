package quantscope.format;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/** Gives a reader files that nobody should trust: whatever the bytes are, it answers or says what is wrong. */
public final class Hostile {

    /** What a file of a few bytes may cost in any case: classes, buffers, messages. */
    private static final long BASE = 8 << 20;
    private static final long PER_BYTE = 128;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final ModelReader reader;
    private final Path file;

    /** @param file is written over and over */
    public Hostile(ModelReader reader, Path file) {
        this.reader = reader;
        this.file = file;
    }

    /** Reads it, or refuses it with a message that names the file, in memory that the file's size bounds. */
    public void survive(byte[] bytes, String what) throws IOException {
        Files.write(file, bytes);
        long most = BASE + PER_BYTE * bytes.length;
        long taken = memoryOf(what);
        // The first time, classes are loaded as well.
        if (taken >= most) {
            taken = memoryOf(what);
        }
        assertTrue(taken < most, what + " took " + taken + " bytes of memory for " + bytes.length + " in the file");
    }

    private long memoryOf(String what) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            reader.matches(file);
            reader.read(file, Progress.NONE, Cancellation.NEVER);
        } catch (ModelFormatException e) {
            assertTrue(e.getMessage().startsWith(file.getFileName() + ": "), what + ": " + e.getMessage());
        } catch (IOException | RuntimeException | StackOverflowError e) {
            fail(what, e);
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    /** The message with which it is refused. */
    public String refusal(byte[] bytes) throws IOException {
        survive(bytes, "refusal");
        return assertThrows(ModelFormatException.class,
                () -> reader.read(file, Progress.NONE, Cancellation.NEVER)).getMessage();
    }

    /** Every so many bytes, the file ends. */
    public void surviveCuts(byte[] whole, int step) throws IOException {
        for (int length = 0; length < whole.length; length += step) {
            survive(Arrays.copyOf(whole, length), "cut at " + length);
        }
    }

    /** Some bits are flipped, a number of times. */
    public void surviveFlips(byte[] whole, int rounds, long seed) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < rounds; i++) {
            byte[] damaged = whole.clone();
            for (int flips = 0; flips < 4; flips++) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            survive(damaged, "seed " + seed + " round " + i);
        }
    }

    /** A zip with these entries, deflated. */
    public static byte[] zip(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return out.toByteArray();
    }

    /** What a zip holds. */
    public static Map<String, byte[]> entries(Path zip) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (ZipFile file = new ZipFile(zip.toFile())) {
            for (ZipEntry entry : Collections.list(file.entries())) {
                entries.put(entry.getName(), file.getInputStream(entry).readAllBytes());
            }
        }
        return entries;
    }
}
