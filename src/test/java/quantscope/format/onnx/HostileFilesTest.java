package quantscope.format.onnx;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import quantscope.format.ModelFormatException;
import quantscope.task.Cancellation;
import quantscope.task.Progress;

/** Whatever the bytes are: an answer or a typed exception, soon, and no memory beyond what the file justifies. */
class HostileFilesTest {

    private static final long MOST_BYTES = 64L << 20;
    /** Of processor time. */
    private static final long MOST_NANOS = 2_000_000_000L;

    @TempDir
    Path folder;

    private void survive(byte[] bytes, String what) throws IOException {
        Path file = Files.write(folder.resolve("hostile.onnx"), bytes);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long started = threads.getCurrentThreadCpuTime();
        try {
            new OnnxReader().read(file, Progress.NONE, Cancellation.NEVER);
        } catch (ModelFormatException e) {
            assertTrue(e.getMessage().startsWith("hostile.onnx: "), what + ": " + e.getMessage());
        } catch (IOException e) {
            // A file that cannot be read at all is a typed answer too.
        } catch (RuntimeException | StackOverflowError e) {
            fail(what, e);
        }
        long used = threads.getCurrentThreadAllocatedBytes() - allocated;
        assertTrue(used < MOST_BYTES, what + " allocated " + used + " bytes");
        assertTrue(threads.getCurrentThreadCpuTime() - started < MOST_NANOS, what + " took too long");
    }

    private static byte[] model(String name) throws Exception {
        return Files.readAllBytes(GoldenModelsTest.folder().resolve(name).resolve("model.onnx"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"binarized", "torchscript-export", "dynamo-export", "arithmetic", "reshape-by-shape",
        "element-types", "unsupported", "pad-before-conv"})
    void truncatedFilesAreSurvived(String name) throws Exception {
        byte[] whole = model(name);
        for (int length = 0; length < whole.length; length += 37) {
            survive(Arrays.copyOf(whole, length), name + " cut at " + length);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"binarized", "torchscript-export", "dynamo-export", "arithmetic", "reshape-by-shape",
        "element-types", "unsupported", "pad-before-conv", "conv-auto-pad", "max-pool", "softmax-11", "concat",
        "shape-only-moves", "gemm", "matmul-add", "external-data", "fixed-batch"})
    void flippedBitsAreSurvived(String name) throws Exception {
        byte[] whole = model(name);
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            byte[] broken = whole.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
            }
            survive(broken, name + " with bits flipped by seed " + seed);
        }
    }

    @Test
    void randomBytesAreSurvived() throws Exception {
        for (int seed = 0; seed < 500; seed++) {
            byte[] bytes = new byte[new Random(seed).nextInt(400)];
            new Random(seed).nextBytes(bytes);
            survive(bytes, "random bytes of seed " + seed);
        }
    }

    @Test
    void hugeLengthsAreRefusedBeforeTheyAreAllocated() throws IOException {
        byte[] claims = TinyOnnx.message(o -> {
            o.writeInt64(1, 8);
            o.writeTag(7, 2);
            o.writeUInt32NoTag(Integer.MAX_VALUE);
            o.writeTag(1, 2);
            o.writeUInt32NoTag(Integer.MAX_VALUE - 10);
        });
        survive(claims, "a graph of 2 GiB");
        survive(TinyOnnx.image("x", 1, 3, 8, 8).weights("w", new long[] {1 << 20, 1 << 20, 7, 7}, 1)
                .node("conv", "Conv", "x w", "y").output("y").bytes(), "a weight of 2^40 elements");
        survive(TinyOnnx.image("x", 1, 3, 8, 8).weights("w", new long[] {1 << 29}, 1)
                .node("conv", "Conv", "x w", "y").output("y").bytes(), "a weight of 2^29 elements in 4 bytes");
        survive(TinyOnnx.image("x", 1, 1 << 15, 1 << 15, 1 << 15).node("r", "Relu", "x", "y").output("y").bytes(),
                "an image of 2^45 elements");
    }

    @Test
    void deepNestingIsRefused() throws IOException {
        byte[] nested = new byte[0];
        for (int i = 0; i < 20_000; i++) {
            byte[] inner = nested;
            nested = TinyOnnx.message(o -> o.writeByteArray(6, inner));
            if (nested.length > 20_000) {
                break;
            }
        }
        byte[] attribute = nested;
        survive(TinyOnnx.image("x", 1, 3, 8, 8).node("r", "Relu", "x", "y", attribute).output("y").bytes(),
                "graphs in graphs");
        byte[] groups = new byte[100_000];
        Arrays.fill(groups, (byte) 0x9b);
        survive(groups, "groups in groups");
        byte[] starts = new byte[200_000];
        Arrays.fill(starts, (byte) 0x4b);
        survive(starts, "beginnings of groups");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret.bin", "sub/../../secret.bin", "/etc/hostname", "..\\secret.bin", "", "link.bin",
        "C:\\secret.bin", "linked/secret.bin", "sub"})
    void externalDataOutsideOfTheFolderIsRefused(String location) throws IOException {
        Path inside = Files.createDirectories(folder.resolve("models"));
        Files.createDirectories(inside.resolve("sub"));
        Files.write(folder.resolve("secret.bin"), new byte[64]);
        Files.createSymbolicLink(inside.resolve("link.bin"), folder.resolve("secret.bin"));
        Files.createSymbolicLink(inside.resolve("linked"), folder);
        Path file = Files.write(inside.resolve("m.onnx"), TinyOnnx.image("x", 1, 1, 4, 4)
                .external("w", location, "0", 1, 1, 2, 2).node("conv", "Conv", "x w", "y").output("y").bytes());
        ModelFormatException e = assertThrows(ModelFormatException.class,
                () -> new OnnxReader().read(file, Progress.NONE, Cancellation.NEVER));
        assertTrue(e.getMessage().contains("folder"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "9223372036854775807", "-4", "four"})
    void externalDataBeyondTheFilesEndAreRefused(String offset) throws IOException {
        Files.write(folder.resolve("w.bin"), new byte[16]);
        Path file = Files.write(folder.resolve("m.onnx"), TinyOnnx.image("x", 1, 1, 4, 4)
                .external("w", "w.bin", offset, 1, 1, 2, 2).node("conv", "Conv", "x w", "y").output("y").bytes());
        assertThrows(ModelFormatException.class,
                () -> new OnnxReader().read(file, Progress.NONE, Cancellation.NEVER));
    }
}
