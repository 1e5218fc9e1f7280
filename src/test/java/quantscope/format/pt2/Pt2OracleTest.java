package quantscope.format.pt2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import quantscope.graph.Graph;
import quantscope.run.GraphEngine;
import quantscope.run.KernelProvider;
import quantscope.run.Tap;
import quantscope.task.Cancellation;
import quantscope.task.Progress;
import quantscope.tensor.FloatTensor;

/**
 * Networks of dozens of layers, exported by PyTorch as they are, decomposed, and in the single-file form of 2.7, against
 * PyTorch's answers. Runs where QUANTSCOPE_PYTHON names a Python with PyTorch.
 */
@Tag("oracle")
@EnabledIfEnvironmentVariable(named = "QUANTSCOPE_PYTHON", matches = ".+",
        disabledReason = "needs a Python with PyTorch, named by QUANTSCOPE_PYTHON")
class Pt2OracleTest {

    @ParameterizedTest
    @ValueSource(strings = {"resnet", "mobilenet", "densenet", "shufflenet"})
    void networksAnswerAsUnderPyTorch(String name, @TempDir Path folder) throws Exception {
        Path errors = folder.resolve("errors.txt");
        Process process = new ProcessBuilder(System.getenv("QUANTSCOPE_PYTHON"), "src/test/python/pt2_networks.py",
                folder.toString(), name).redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(errors.toFile()).start();
        int status = process.waitFor();
        assertEquals(0, status, Files.readString(errors));
        float[] expected = floats(folder.resolve("output.bin"));
        float largest = 0;
        for (float e : expected) {
            largest = Math.max(largest, Math.abs(e));
        }
        assertTrue(largest > 0.01, "the answer is nearly all zeros");
        for (String form : List.of("plain", "core", "older")) {
            Graph graph = new Pt2Reader().read(folder.resolve(form + ".pt2"), Progress.NONE, Cancellation.NEVER).graph();
            assertEquals(List.of(), graph.unsupported(), form);
            FloatTensor image = new FloatTensor(graph.inputs().getFirst().requireShape(), floats(folder.resolve("input.bin")));
            float[] actual = new GraphEngine(KernelProvider.choose()).compile(graph).newWorker().run(image, Tap.NONE).data();
            assertEquals(expected.length, actual.length, form);
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], actual[i], 2e-5f * largest, form + ", element " + i);
            }
        }
    }

    private static float[] floats(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] data = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(data);
        return data;
    }
}
