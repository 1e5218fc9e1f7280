package quantscope.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import quantscope.format.onnx.OnnxReader;
import quantscope.graph.Node;
import quantscope.graph.Op;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;

/** An opened model holds its weights once, and no more than that is taken to get there. */
class OpenedMemoryTest {

    private static final double MOST_HELD = 1.05;
    private static final double MOST_TAKEN = 1.3;
    /** What is loaded and initialized on the way, whatever the file's size. */
    private static final long FREE = 2 << 20;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(LargeModels.class)
    void weightsAreInMemoryOnce(LargeModels form) throws Exception {
        // Once before, for what is only done the first time.
        StateDictFiles.open(form.write(Files.createDirectories(folder.resolve("first"))));
        Path file = form.write(Files.createDirectories(folder.resolve("second")));
        long size = size(file.getParent());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Model model = StateDictFiles.open(file);
        long taken = threads.getCurrentThreadAllocatedBytes() - before;
        long held = held(model);
        assertTrue(held > 0.9 * size && held <= MOST_HELD * size, held + " bytes of weights held for a file of " + size);
        assertTrue(taken <= MOST_TAKEN * size + FREE, taken + " bytes allocated for a file of " + size);
        assertEquals(Digest.sha256(files(file), Cancellation.NEVER), model.sha256());
    }

    private static List<Path> files(Path file) throws IOException {
        try (var all = Files.list(file.getParent())) {
            List<Path> beside = all.filter(f -> !f.equals(file)).toList();
            return beside.isEmpty() ? List.of(file) : List.of(file, beside.getFirst());
        }
    }

    private static long size(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.mapToLong(f -> f.toFile().length()).sum();
        }
    }

    private static long held(Model model) throws ReflectiveOperationException {
        Set<float[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Node node : model.graph().nodes()) {
            for (RecordComponent part : node.op().getClass().getRecordComponents()) {
                Object value = part.getAccessor().invoke(node.op());
                if (value instanceof Optional<?> optional) {
                    value = optional.orElse(null);
                }
                if (value instanceof FloatTensor tensor) {
                    arrays.add(tensor.data());
                }
            }
        }
        return arrays.stream().mapToLong(a -> (long) Float.BYTES * a.length).sum();
    }

    @ParameterizedTest
    @EnumSource(value = LargeModels.class, names = {"ONNX_TRANSPOSED", "ONNX_MATMUL"})
    void matricesAreTurnedRight(LargeModels form) throws Exception {
        FloatTensor weight = ((Op.Linear) StateDictFiles.open(form.write(folder)).graph().layers().getFirst().op()).weight();
        FloatTensor stored = ((Op.Linear) StateDictFiles.open(LargeModels.ONNX.write(folder)).graph().layers().getFirst().op())
                .weight();
        int out = weight.shape().dim(0);
        int in = weight.shape().dim(1);
        assertEquals(stored.shape(), weight.shape());
        for (int i = 0; i < stored.data().length; i++) {
            assertEquals(stored.data()[i], weight.data()[i % out * in + i / out], "element " + i + " of the file");
        }
    }

    @Test
    void aFileThatIsWrittenToWhileItIsReadIsRefused() throws Exception {
        Path file = LargeModels.ONNX.write(folder);
        Progress touching = (done, total, what) -> touch(file);
        Readers readers = new Readers(List.of(new OnnxReader()));
        ModelFormatException e = assertThrows(ModelFormatException.class,
                () -> readers.open(file, touching, Cancellation.NEVER));
        assertTrue(e.getMessage().startsWith(file.getFileName() + ": was written to"), e.getMessage());
        assertEquals("ONNX opset 17", readers.open(file, Progress.NONE, Cancellation.NEVER).format());
    }

    private static void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anOpenedFileMayBeOverwrittenAndDeleted() throws Exception {
        Path file = LargeModels.ONNX.write(folder);
        Model model = StateDictFiles.open(file);
        long before = held(model);
        FloatTensor weight = ((Op.Linear) model.graph().layers().getFirst().op()).weight();
        float[] copy = weight.data().clone();
        Files.write(file, "something else".getBytes(StandardCharsets.US_ASCII));
        Files.delete(file);
        assertEquals(before, held(model));
        assertArrayEquals(copy, weight.data());
    }
}
