package quantscope.format.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import quantscope.format.Model;
import quantscope.graph.Graph;
import quantscope.graph.Op;
import quantscope.run.GraphEngine;
import quantscope.run.KernelProvider;
import quantscope.run.Tap;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;

/**
 * Opens and runs the nine "light" models that the ONNX project's Python package carries, whole networks whose weights are made by
 * ConstantOfShape, against their stored answers, and the same networks with random weights against ONNX Runtime's. Runs where
 * QUANTSCOPE_PYTHON names a Python with onnx and ONNX Runtime.
 */
@Tag("oracle")
@EnabledIfEnvironmentVariable(named = "QUANTSCOPE_PYTHON", matches = ".+",
        disabledReason = "needs a Python with onnx, named by QUANTSCOPE_PYTHON")
class LightModelsOracleTest {

    @ParameterizedTest
    @ValueSource(strings = {"bvlc_alexnet", "densenet121", "inception_v1", "inception_v2", "resnet50", "shufflenet", "squeezenet",
        "vgg19", "zfnet512"})
    void lightModelsAnswerAsUnderOnnxRuntime(String name, @TempDir Path folder) throws Exception {
        make(name, folder);
        assertSameAnswer(folder.resolve("light"), 1e-3f);
        assertSameAnswer(folder.resolve("seeded"), 1e-4f);
    }

    private static void assertSameAnswer(Path folder, float tolerance) throws Exception {
        Model model = new OnnxReader().read(folder.resolve("model.onnx"), Progress.NONE, Cancellation.NEVER);
        Graph graph = model.graph();
        assertTrue(graph.nodes().stream().noneMatch(n -> n.op() instanceof Op.Unsupported), () -> String.join("\n", model.notes()));
        FloatTensor input = new FloatTensor(graph.inputs().getFirst().requireShape(), floats(folder.resolve("input.bin")));
        FloatTensor answer = new GraphEngine(KernelProvider.choose()).compile(graph).newWorker().run(input, Tap.NONE);
        float[] expected = floats(folder.resolve("output.bin"));
        assertEquals(expected.length, answer.data().length);
        float largest = 0;
        for (float e : expected) {
            largest = Math.max(largest, Math.abs(e));
        }
        assertTrue(largest > 0, "the answer is all zeros");
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], answer.data()[i], tolerance * largest, folder.getFileName() + ", element " + i);
        }
    }

    private static void make(String name, Path folder) throws IOException, InterruptedException {
        Path errors = folder.resolve("errors.txt");
        Process process = new ProcessBuilder(System.getenv("QUANTSCOPE_PYTHON"), "src/test/python/onnx_light_model.py", name,
                folder.toString()).redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(errors.toFile()).start();
        assertEquals(0, process.waitFor(), () -> read(errors));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static float[] floats(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] data = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(data);
        return data;
    }
}
